class RewardModel(Module):
  # A BERT encoder (post-norm), mean or [CLS] pooling, and the sparse mixture-of-experts head on top.
  # Linear weights are [out, in]; a leading dimension of the stacked tensors counts the layers.
  __parameters__ = ["words", "positions", "embed_norm_w", "embed_norm_b", "qkv_w", "qkv_b", "attn_out_w", "attn_out_b", "attn_norm_w", "attn_norm_b", "up_w", "up_b", "down_w", "down_b", "out_norm_w", "out_norm_b", "router_hidden_w", "router_hidden_b", "router_out_w", "router_out_b", "features_w", "features_b", "experts_w", ]
  __buffers__ = ["style_table", ]
  words : Tensor
  positions : Tensor
  embed_norm_w : Tensor
  embed_norm_b : Tensor
  qkv_w : Tensor
  qkv_b : Tensor
  attn_out_w : Tensor
  attn_out_b : Tensor
  attn_norm_w : Tensor
  attn_norm_b : Tensor
  up_w : Tensor
  up_b : Tensor
  down_w : Tensor
  down_b : Tensor
  out_norm_w : Tensor
  out_norm_b : Tensor
  router_hidden_w : Tensor
  router_hidden_b : Tensor
  router_out_w : Tensor
  router_out_b : Tensor
  features_w : Tensor
  features_b : Tensor
  experts_w : Tensor
  style_table : Tensor
  training : bool
  heads : int
  norm_eps : float
  pools_cls : bool
  has_head : bool
  has_features : bool
  has_style : bool

  # x w' + b; at counts the encoder's dense layers
  def dense(self,
    x: Tensor,
    w: Tensor,
    b: Tensor,
    at: int) -> Tensor:
    return torch.linear(x, w, b)

  def dense_gelu(self,
    x: Tensor,
    w: Tensor,
    b: Tensor,
    at: int) -> Tensor:
    return torch.gelu(torch.linear(x, w, b))

  # ids [N, T] -> token states [N, T, D], in the encoder's own dtype
  def encode(self,
    ids: Tensor,
    mask: Tensor) -> Tensor:
    n = torch.size(ids, 0)
    t = torch.size(ids, 1)
    d = torch.size(self.words, 1)
    embedded = torch.add(torch.embedding(self.words, ids), torch.slice(self.positions, 0, 0, t))
    x = torch.layer_norm(embedded, [d], self.embed_norm_w, self.embed_norm_b, self.norm_eps)
    hidden = torch.to(torch.sub(mask, 1), ops.prim.dtype(x))
    bias = torch.view(torch.mul(hidden, 10000), [n, 1, 1, t])
    states = x
    for layer in range(torch.size(self.qkv_w, 0)):
      qkv = (self).dense(states, torch.select(self.qkv_w, 0, layer), torch.select(self.qkv_b, 0, layer), torch.mul(layer, 4), )
      split = torch.view(qkv, [n, t, 3, self.heads, torch.floordiv(d, self.heads)])
      q, k, v, = torch.unbind(torch.permute(split, [2, 0, 3, 1, 4]))
      attended = torch.scaled_dot_product_attention(q, k, v, bias, 0., False)
      joined = torch.reshape(torch.transpose(attended, 1, 2), [n, t, d])
      mixed = (self).dense(joined, torch.select(self.attn_out_w, 0, layer), torch.select(self.attn_out_b, 0, layer), torch.add(torch.mul(layer, 4), 1), )
      middle = torch.layer_norm(torch.add(mixed, states), [d], torch.select(self.attn_norm_w, 0, layer), torch.select(self.attn_norm_b, 0, layer), self.norm_eps)
      up = (self).dense_gelu(middle, torch.select(self.up_w, 0, layer), torch.select(self.up_b, 0, layer), torch.add(torch.mul(layer, 4), 2), )
      down = (self).dense(up, torch.select(self.down_w, 0, layer), torch.select(self.down_b, 0, layer), torch.add(torch.mul(layer, 4), 3), )
      states = torch.layer_norm(torch.add(down, middle), [d], torch.select(self.out_norm_w, 0, layer), torch.select(self.out_norm_b, 0, layer), self.norm_eps)
    return states

  # the mean of the unmasked tokens, or the first token, scaled to length 1; float32 whatever the
  # encoder runs in
  def embed(self,
    ids: Tensor,
    mask: Tensor) -> Tensor:
    states = torch.to((self).encode(ids, mask, ), 6)
    if self.pools_cls:
      pooled = torch.select(states, 1, 0)
    else:
      kept = torch.to(torch.unsqueeze(mask, -1), 6)
      pooled = torch.div(torch.sum(torch.mul(states, kept), [1]), torch.sum(kept, [1]))
    length = torch.sqrt(torch.sum(torch.mul(pooled, pooled), [1], True))
    return torch.div(pooled, torch.clamp_min(length, 1e-12))

  # the embedding, then log(1 + count) of each style feature's tokens: [N, D + F], float32
  def read(self,
    ids: Tensor,
    mask: Tensor) -> Tensor:
    e = (self).embed(ids, mask, )
    if self.has_style:
      traits = torch.embedding(self.style_table, ids)
      kept = torch.to(torch.unsqueeze(mask, -1), 6)
      counts = torch.sum(torch.mul(traits, kept), [1])
      answer = torch.cat([e, torch.log1p(counts)], 1)
    else:
      answer = e
    return answer

  # ids, mask int64 [N, T] -> float32 [N, 2K]: K expert rewards, then K routing logits;
  # without a head what is read, [N, D + F]
  def forward(self,
    ids: Tensor,
    mask: Tensor) -> Tensor:
    e = (self).read(ids, mask, )
    if self.has_head:
      if self.has_features:
        features = torch.relu(torch.linear(e, self.features_w, self.features_b))
        responses = torch.cat([e, features], 1)
      else:
        responses = e
      rewards = torch.linear(responses, self.experts_w)
      hidden = torch.relu(torch.linear(e, self.router_hidden_w, self.router_hidden_b))
      logits = torch.linear(hidden, self.router_out_w, self.router_out_b)
      answer = torch.cat([rewards, logits], 1)
    else:
      answer = e
    return answer
