import Basics
import Formats
import Foundation
import Lineage

/// The score of a run: that of an image says which image was asked, and the image says from which checkpoint it is.
public enum RunScore {
  /// - Returns: nil where this run's image has not been evaluated.
  /// - Throws: `HintedError` for a score or an image that is damaged.
  public static func find(of checkpoint: ContentID, corpus: String, in workspace: Workspace) throws -> Score? {
    let (score, image) = ("\(workspace.score(corpus))/\(Score.fileName)", workspace.image(corpus))
    guard [score, image].allSatisfy(FileManager.default.fileExists) else { return nil }
    let found = try Score(reading: try AtomicFile.read(score), name: score)
    let bytes = try AtomicFile.read(image)
    guard found.image == ContentID(of: bytes) else { return nil }
    return try ModelImage(reading: bytes, name: image).provenance == checkpoint ? found : nil
  }
}
