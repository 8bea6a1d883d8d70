import Basics
import Foundation
import SmallFiles
import TestSupport
import Testing

/// What no file from outside may do: crash a reader. ATOME01, ATOME02, bundles, shards and documents have exhaustive
/// tests beside their readers; here is what those leave.
@Suite("Damaged files of every format")
struct DamagedFileTests {
  @Test("the small files are read, mended ones too", arguments: SmallFile.allCases)
  func whole(file: SmallFile) async throws {
    let bytes = try file.bytes()
    #expect(file.mended(bytes) == bytes)
    try await withTemporaryFolder { try file.read(bytes, path: "\($0)/file") }
  }

  @Test("every change of a single byte is refused where a checksum vouches for it", arguments: SmallFile.checksummed)
  func singleByteCorruption(file: SmallFile) async throws {
    let bytes = try file.bytes()
    try await withTemporaryFolder { folder in
      for offset in bytes.indices {
        for mask: UInt8 in [0x01, 0x80, 0xFF] {
          var damaged = bytes
          damaged[offset] ^= mask
          if accepts(file, damaged, folder) { Issue.record("\(file): byte \(offset) with mask \(mask) is not noticed") }
        }
      }
    }
  }

  @Test("every truncation is refused where the format says its length", arguments: SmallFile.bounded)
  func truncation(file: SmallFile) async throws {
    let bytes = try file.bytes()
    try await withTemporaryFolder { folder in
      for count in bytes.indices where accepts(file, Array(bytes[..<count]), folder) {
        Issue.record("\(file): a cut to \(count) bytes is not noticed")
      }
    }
  }

  /// `ALAMBIC_FUZZ_SECONDS` makes this a long run, where there is no libFuzzer for `make fuzz-swift`: other damage
  /// each time, from a seed that the
  /// message names, and the file that is being read stands in the current folder, in case the reader crashes.
  @Test("thousands of damaged files are refused or read, and none crashes its reader", arguments: SmallFile.allCases)
  func mutations(file: SmallFile) async throws {
    let bytes = try file.bytes()
    let seconds = ProcessInfo.processInfo.environment["ALAMBIC_FUZZ_SECONDS"].flatMap(Double.init)
    let seed = seconds == nil ? 1 : UInt64(Date().timeIntervalSince1970)
    var mutator = Mutator(seed: seed)
    let deadline = Date() + (seconds ?? 0) / Double(SmallFile.allCases.count)
    var count = 0
    try await withTemporaryFolder { folder in
      while seconds == nil ? count < InputCount.value(usually: 2_000) : Date() < deadline {
        let damaged = mutator.damaged(bytes)
        let candidate = count.isMultiple(of: 4) ? damaged : file.mended(damaged)
        if seconds != nil { try Data(candidate).write(to: URL(fileURLWithPath: "fuzz-swift.last")) }
        _ = accepts(file, candidate, folder)
        count += 1
      }
    }
    try HostileCount.note("input", of: file.rawValue, count)
    if seconds != nil { print("\(file.rawValue): \(count) damaged files, seed \(seed)") }
  }

  /// Whether a file is read. What is thrown must be an error for a person.
  private func accepts(_ file: SmallFile, _ bytes: [UInt8], _ folder: String) -> Bool {
    do {
      try file.read(bytes, path: "\(folder)/file")
      return true
    } catch is HintedError {
      return false
    } catch {
      Issue.record("\(file.rawValue) throws what is no HintedError: \(error)")
      return false
    }
  }
}
