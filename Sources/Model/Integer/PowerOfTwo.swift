/// 2 to the power of -octaves / 2048, in units of 1 / 32768; 0 from 16 octaves on. Specified in docs/numerics.md; the C
/// twin is `atome_exp2_down`.
///
/// `1 - f (c1 - f (c2 - f (c3 - f c4)))` for the fraction f of an octave, the minimax polynomial with value 1 at 0, its
/// coefficients rounded to 2^-20. The error is below 0.6 units for every argument.
package func atomeExp2Down(_ octaves: UInt32) -> UInt32 { (atomeFinePowerDown(octaves) + 16) >> 5 }

/// The same before it is rounded: in units of 2^-20. The C twin is `atome_fine_power_down`.
package func atomeFinePowerDown(_ octaves: UInt32) -> UInt32 {
  let (whole, f) = octaves.quotientAndRemainder(dividingBy: 2048)
  guard whole < 16 else { return 0 }
  var tail = 55_967 - (7245 * f) >> 11
  tail = 251_182 - (tail * f) >> 11
  tail = 726_746 - (tail * f) >> 11
  return (0x10_0000 - (tail * f) >> 11) >> whole
}
