import Lineage

/// Which part reads which block of some files. With as many files as parts or more, a part has whole files, so that
/// compressed ones are read once; with fewer, blocks are dealt in turn and every part reads all files.
struct BlockDeal: Sendable {
  let fileCount: Int
  let partCount: Int

  private var dealsFiles: Bool { fileCount >= partCount }

  /// Whether a part has to read a file at all.
  func reads(file: Int, _ part: Part) -> Bool { !dealsFiles || file % partCount == part.number - 1 }

  /// - Returns: the part's number, from 1.
  func part(ofBlock block: Int, ofFile file: Int) -> Int { (dealsFiles ? file : file + block) % partCount + 1 }
}
