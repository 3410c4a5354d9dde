  # x w' + b; at counts the encoder's dense layers. On a CPU each weight is brought into oneDNN's
  # blocked layout at its first use, and not anew at every pass
  def blocked(self,
    w: Tensor,
    at: int) -> Tensor:
    if torch.eq(torch.len(self.packed), at):
      _0 = torch.append(self.packed, ops.mkldnn._reorder_linear_weight(w, None))
    return self.packed[at]

  def dense(self,
    x: Tensor,
    w: Tensor,
    b: Tensor,
    at: int) -> Tensor:
    if ops.prim.is_cuda(x):
      y = torch.linear(x, w, b)
    else:
      y = ops.mkldnn._linear_pointwise(x, (self).blocked(w, at, ), b, "none", annotate(List[Optional[number]], []), "")
    return y

  def dense_gelu(self,
    x: Tensor,
    w: Tensor,
    b: Tensor,
    at: int) -> Tensor:
    if ops.prim.is_cuda(x):
      y = torch.gelu(torch.linear(x, w, b))
    else:
      y = ops.mkldnn._linear_pointwise(x, (self).blocked(w, at, ), b, "gelu", annotate(List[Optional[number]], []), "none")
    return y

