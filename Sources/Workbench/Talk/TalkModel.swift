import Basics
import Model
import Networks

/// A model that can be talked to, from whatever file.
public protocol TalkModel: Sendable {
  /// The file's.
  var id: ContentID { get }
  /// What a person should know before the talk; nil for an image.
  var note: String? { get }
  /// T, where nobody asks for another.
  var defaultContext: Int { get }
  var logitKind: LogitKind { get }
  /// - Throws: `HintedError` for settings that this model cannot follow.
  func check(_ settings: TalkSettings) throws
  /// An engine that computes this model in this process.
  func engine(_ kind: HostEngine, context: Int) throws -> any LogitSource
  /// What an emulated core is flashed with.
  func image() throws -> [UInt8]
}

extension LoadedImage: TalkModel {
  public var note: String? { nil }
  public var defaultContext: Int { 64 }
  public var logitKind: LogitKind { contents.logitKind }
  public func check(_ settings: TalkSettings) throws { try settings.checkRouters() }
  public func image() throws -> [UInt8] { bytes }
}
