  # states of some layers side by side, each token's scaled to length 1, and 0 where masked:
  # [N, T, layers * D], float32
  def token_states(self,
    kept: List[Tensor],
    mask: Tensor) -> Tensor:
    here = torch.to(torch.unsqueeze(mask, -1), 6)
    scaled = annotate(List[Tensor], [])
    for i in range(torch.len(kept)):
      states = torch.to(kept[i], 6)
      length = torch.sqrt(torch.sum(torch.mul(states, states), [2], True))
      _0 = torch.append(scaled, torch.mul(torch.div(states, torch.clamp_min(length, 1e-12)), here))
    return torch.cat(scaled, 2)
