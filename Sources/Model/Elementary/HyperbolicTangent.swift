/// The hyperbolic tangent, from + - * /, `atomeExp` and integer operations: the same bits on every machine.
///
/// The C twin is `atome_tanhf` in firmware/engine/atome_math.c; docs/numerics.md states its accuracy. Odd by
/// construction, -0 included. NaN gives the quiet NaN 7FC00000.
public func atomeTanh(_ x: Float) -> Float {
  if x.isNaN { return .nan }
  return Float(signOf: x, magnitudeOf: tanhOfMagnitude(x.magnitude))
}

/// For 0 <= x: a polynomial near zero, where 1 - 2 / (e^2x + 1) would cancel.
private func tanhOfMagnitude(_ x: Float) -> Float {
  if x < 0.625 {
    let z = x * x
    let last = -8.177_398e-3 + z * 2.142_961_8e-3
    let tail = -0.333_333_3 + z * (0.133_332_06 + z * (-0.053_946_763 + z * (0.021_700_703 + z * last)))
    return x + x * z * tail
  }
  return x > 9.02 ? 1 : 1 - 2 / (atomeExp(2 * x) + 1)
}
