/// e to the power of x, from + - * and integer operations: the same bits on every machine.
///
/// The C twin is `atome_expf` in firmware/engine/atome_math.c; docs/numerics.md states accuracy and derivation.
/// x = k ln 2 + r with |r| <= ln 2 / 2 (Cody and Waite's reduction), e^r by a polynomial, and the result scaled by 2^k
/// in two steps, so that a subnormal result is rounded once.
public func atomeExp(_ x: Float) -> Float {
  if x.isNaN { return .nan }
  if x > 88.722_84 { return .infinity }
  if x < -103.972_08 { return 0 }
  // Adding 1.5 * 2^23 rounds to an integer, since a Float of that size has no fraction bits.
  let k = (x * 1.442_695_0 + 12_582_912) - 12_582_912
  // ln 2 in two parts: the first has 16 significant bits, so that k times it is exact.
  let r = (x - k * 0.693_145_75) - k * 1.428_606_8e-6
  let tail = 0.499_999_94 + r * (0.166_665_2 + r * (0.041_668_393 + r * (8.368_781e-3 + r * 1.381_446_7e-3)))
  return scaled(1 + (r + r * r * tail), exponent: Int32(k))
}

/// `value * 2^exponent` for an exponent in -150...128, where one power of two would be out of range.
private func scaled(_ value: Float, exponent: Int32) -> Float {
  let first = (exponent + 256) / 2 - 128
  return value * powerOfTwo(first) * powerOfTwo(exponent - first)
}

private func powerOfTwo(_ exponent: Int32) -> Float {
  Float(bitPattern: UInt32(bitPattern: exponent + 127) << 23)
}
