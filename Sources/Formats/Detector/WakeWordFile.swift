import Basics
import Lineage
import Networks

/// When a student's logits say that the wake word was said: docs/formats/mel.md.
public struct WakeWordFile: Hashable, Codable, Sendable {
  public static let schema = "alambic.wake-word/1"
  public static let pauseLimit = 100_000

  /// The student's file.
  public var image: ContentID
  public var word: String
  /// Scores from here on say that it was said: a logit less another, in the image's unit.
  public var threshold: Int32
  /// Steps of 32 ms in which the word is not heard again.
  public var pause: Int
  private var schema = Self.schema

  public init(image: ContentID, word: String, threshold: Int32, pause: Int) {
    (self.image, self.word, self.threshold, self.pause) = (image, word, threshold, pause)
  }

  /// - Throws: `HintedError` for a file that is missing or damaged, and for a number outside its limits.
  public init(reading path: String) throws {
    self = try CanonicalJSON.decode(Self.self, from: AtomicFile.read(path), named: path)
    guard schema == Self.schema else {
      throw HintedError("\(path): schema: '\(schema)', where '\(Self.schema)' is read")
    }
    guard 0...Self.pauseLimit ~= pause else {
      throw HintedError("\(path): pause: \(pause), outside 0…\(Self.pauseLimit)")
    }
  }

  /// The settings for the C detector, and the memory that its engine takes.
  /// - Parameter shape: the student's.
  public func cHeader(of shape: CompactShape) -> String {
    let dimensions = shape.dimensions.map(String.init).joined(separator: ", ")
    return """
      /* Written by `alambic wake train` for the image \(image); docs/formats/mel.md. */
      #ifndef WAKE_SETTINGS_H
      #define WAKE_SETTINGS_H

      #include "atome_wake.h"

      #define WAKE_MEMORY_WORDS ATOME_COMPACT_MEMORY_WORDS(\(dimensions))

      static const atome_wake_settings wake_settings = {.threshold = \(threshold), .pause = \(pause)u};

      #endif

      """
  }
}
