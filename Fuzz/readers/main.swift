import Basics
import CLibFuzzer
import Foundation
import SmallFiles

// libFuzzer on the readers of our formats. usage:
//   fuzz-readers --seeds FOLDER                  writes FOLDER/FORMAT/seed for each format, and prints their names
//   ALAMBIC_FUZZ_FORMAT=FORMAT fuzz-readers …    fuzzes one reader; … is libFuzzer's own command line

/// A format's name as a folder's.
func folderName(_ file: SmallFile) -> String { file.rawValue.replacingOccurrences(of: " ", with: "-") }

func writeSeeds(_ folder: String) throws {
  for file in SmallFile.allCases {
    let place = "\(folder)/\(folderName(file))"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    for (index, seed) in ([try file.bytes()] + (file == .compact ? CompactTwins.seeds : [])).enumerated() {
      try Data(seed).write(to: URL(fileURLWithPath: "\(place)/seed\(index == 0 ? "" : "-\(index)")"))
    }
    print(folderName(file))
  }
}

/// The reader that is fuzzed, and a path for readers that want a file on disk.
struct Reader {
  let file: SmallFile
  let path = NSTemporaryDirectory() + "alambic-fuzz-\(ProcessInfo.processInfo.processIdentifier)"

  /// Reads bytes as they are, and with checksums that fit them. What is thrown must be an error for a person: anything
  /// else ends the process, as a crash does.
  func read(_ bytes: [UInt8]) {
    for candidate in [bytes, file.mended(bytes)] {
      do {
        try file.read(candidate, path: path)
        CompactTwins.check(file, candidate)
      } catch is HintedError {
        continue
      } catch {
        fatalError("\(file.rawValue) throws what is no HintedError: \(error)")
      }
    }
  }
}

if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--seeds" {
  try writeSeeds(CommandLine.arguments[2])
  exit(0)
}
let chosen = ProcessInfo.processInfo.environment["ALAMBIC_FUZZ_FORMAT"]
guard let file = SmallFile.allCases.first(where: { folderName($0) == chosen }) else {
  FileHandle.standardError.write(Data("error: ALAMBIC_FUZZ_FORMAT names no format\n".utf8))
  exit(64)
}
let reader = Reader(file: file)
var argumentCount = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
  LLVMFuzzerRunDriver(&argumentCount, &arguments) { data, size in
    reader.read(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
  })
