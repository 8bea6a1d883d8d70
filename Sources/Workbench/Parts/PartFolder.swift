import Basics
import Foundation
import Lineage

/// Where the attempts at one part lie: `parts/<corpus>/<I>-of-<N>/<attempt>/`. Nobody writes into an attempt's folder
/// but the attempt itself.
package struct PartFolder: Sendable {
  /// Of the corpus, or of the sweep.
  let corpus: String
  package let part: Part
  package let path: String

  init(_ part: Part, of corpus: String, in workspace: Workspace) {
    self.init(part, of: corpus, under: workspace.parts(corpus))
  }

  /// - Parameter root: the folder of all parts.
  package init(_ part: Part, of name: String, under root: String) {
    (corpus, self.part) = (name, part)
    path = "\(root)/\(part.number)-of-\(part.count)"
  }

  package func attempt(_ number: Int) -> String { "\(path)/\(number)" }
  func ledger(ofAttempt number: Int) -> String { "\(attempt(number))/ledger.sqlite" }
  package func manifest(ofAttempt number: Int) -> String { "\(attempt(number))/\(PartManifest.fileName)" }

  /// The numbers of the attempts that were begun, oldest first.
  package func attempts() -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap(Int.init).filter { $0 > 0 }.sorted()
  }

  /// Begins another attempt.
  package func addAttempt() throws -> Int {
    try AtomicFile.makeFolder(path)
    let number = (attempts().last ?? 0) + 1
    guard mkdir(attempt(number), 0o777) == 0 else {
      throw HintedError(
        "cannot make the folder \(attempt(number)): \(String(cString: strerror(errno)))", status: .unavailable)
    }
    return number
  }

  /// What an attempt left.
  enum Standing: Sendable {
    case complete(PartManifest)
    /// Killed, or under way.
    case open
    /// With what is wrong.
    case unusable(String)
  }

  /// - Parameters:
  ///   - inputs: what a part of this corpus must be made of; nil takes whatever it was.
  ///   - checksLedger: whether the ledger's bytes are read.
  func standing(ofAttempt number: Int, inputs: ContentID?, checksLedger: Bool = true) -> Standing {
    let path = manifest(ofAttempt: number)
    guard FileManager.default.fileExists(atPath: path) else { return .open }
    do {
      let manifest = try PartManifest.read(path)
      guard manifest.part == part, manifest.corpus == corpus, manifest.attempt == number else {
        return .unusable("its manifest is of another part")
      }
      guard try ContentID(ofCanonical: manifest.settings) == manifest.inputs else {
        return .unusable("its manifest's settings are not those that its id names")
      }
      guard inputs == nil || manifest.inputs == inputs else {
        return .unusable("it was made of another recipe or teacher, or by another version")
      }
      guard checksLedger else { return .complete(manifest) }
      guard try ContentID(ofFile: ledger(ofAttempt: number)) == manifest.ledger else {
        return .unusable("its ledger is not the one that its manifest names")
      }
      return .complete(manifest)
    } catch let error as HintedError {
      return .unusable(error.message)
    } catch {
      return .unusable("\(error)")
    }
  }

  /// Whether an attempt's ledger is what its manifest says; of one that was killed SQLite's journal sees to that.
  func isIntact(_ attempt: Int) -> Bool {
    let path = manifest(ofAttempt: attempt)
    guard FileManager.default.fileExists(atPath: path) else { return true }
    guard let manifest = try? PartManifest.read(path) else { return false }
    return (try? ContentID(ofFile: ledger(ofAttempt: attempt))) == manifest.ledger
  }

  /// The first attempt that is complete and whole, and what is wrong with those before it.
  func winner(inputs: ContentID?, checksLedger: Bool = true) -> (manifest: PartManifest?, faults: [String]) {
    firstWhole { number in
      switch standing(ofAttempt: number, inputs: inputs, checksLedger: checksLedger) {
      case .complete(let manifest): return manifest
      case .open: return nil
      case .unusable(let fault): throw HintedError(fault)
      }
    }
  }

  /// The first attempt that is complete and whole, and what is wrong with those before it.
  /// - Parameter read: of an attempt's number; nil for one that is not complete, and an error for one that is unusable.
  package func firstWhole<Manifest>(_ read: (Int) throws -> Manifest?) -> (manifest: Manifest?, faults: [String]) {
    var faults: [String] = []
    for number in attempts() {
      do {
        if let manifest = try read(number) { return (manifest, faults) }
      } catch {
        let message = (error as? HintedError)?.message ?? "\(error)"
        faults.append("part \(part), attempt \(number): \(message)")
      }
    }
    return (nil, faults)
  }

  /// How many parts a corpus was dealt into, by the folders that are there.
  static func counts(of corpus: String, in workspace: Workspace) -> [Int] { counts(under: workspace.parts(corpus)) }

  package static func counts(under root: String) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    let counts = names.compactMap { name -> Int? in
      guard let match = name.wholeMatch(of: #/(\d+)-of-(\d+)/#) else { return nil }
      return Int(match.2)
    }
    return Set(counts).sorted()
  }
}

/// Says that a process works in a folder. The system drops the lock with the process, however it ends.
package final class FolderLock {
  private let descriptor: Int32

  package convenience init(_ folder: PartFolder) throws {
    try self.init(folder.path, of: "part \(folder.part) of \(folder.corpus)")
  }

  /// - Parameter work: what is done there, for the message.
  /// - Throws: `HintedError` when another process has it.
  package init(_ folder: String, of work: String) throws {
    try AtomicFile.makeFolder(folder)
    let path = "\(folder)/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw HintedError("cannot create \(path): \(String(cString: strerror(errno)))", status: .unavailable)
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      // A shared disk may have no locks at all; then the scheduler alone sees to it that a part runs once at a time.
      guard errno == EWOULDBLOCK else { return }
      close(descriptor)
      throw HintedError(
        "another process works on \(work)", hint: "wait for it, or end it, and run this again", status: .stopped)
    }
  }

  deinit { close(descriptor) }
}

extension Workspace {
  /// The parts of a corpus, and what was submitted for them.
  public func parts(_ corpus: String) -> String { "\(root)/parts/\(corpus)" }
}
