/// The hyperbolic tangent, from + - * /, `atomeExp` and integer operations: the same bits on every machine.
///
/// The C twin is `atome_tanhf` in firmware/engine/atome_math.c. Odd by construction: a polynomial in x^2 near zero, and
/// 1 - 2 / (e^2x + 1) beyond it, where the subtraction cancels nothing.
public func atomeTanh(_ x: Float) -> Float {
  let magnitude = x.magnitude
  if x.isNaN { return .nan }
  if magnitude < 0.625 {
    let z = x * x
    let tail = -0.333_333_3 + z * (0.133_332_06 + z * (-0.053_946_763 + z * (0.021_700_703 + z * tanhLast(z))))
    return x + x * z * tail
  }
  let result: Float = magnitude > 9.02 ? 1 : 1 - 2 / (atomeExp(2 * magnitude) + 1)
  return x < 0 ? -result : result
}

/// The last two terms of the polynomial.
private func tanhLast(_ z: Float) -> Float { -8.177_398e-3 + z * 2.142_961_8e-3 }
