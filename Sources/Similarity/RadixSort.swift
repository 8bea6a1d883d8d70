/// Sorts numbers by their upper 32 bits and leaves equal ones in their order, in linear time (least digit first, four
/// passes of 256 counts).
func sortByUpperHalf(_ numbers: inout [UInt64]) {
  var other = [UInt64](repeating: 0, count: numbers.count)
  for shift in stride(from: UInt64(32), to: 64, by: 8) {
    var starts = [Int](repeating: 0, count: 257)
    for number in numbers { starts[Int((number >> shift) & 255) + 1] += 1 }
    for digit in 0..<256 { starts[digit + 1] += starts[digit] }
    numbers.withUnsafeBufferPointer { numbers in
      other.withUnsafeMutableBufferPointer { other in
        starts.withUnsafeMutableBufferPointer { starts in
          for number in numbers {
            let digit = Int((number >> shift) & 255)
            other[starts[digit]] = number
            starts[digit] += 1
          }
        }
      }
    }
    swap(&numbers, &other)
  }
}
