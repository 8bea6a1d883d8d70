import Basics
import Foundation

/// One self-contained page that lets a student talk: the engine as WebAssembly, the image, and the page itself in one
/// file that needs no network and no server.
public struct Playground: Sendable {
  /// Its name in a bundle.
  public static let fileName = "playground.html"

  /// Names the page as this program has it: another one is another bundle.
  public static var templateID: ContentID {
    ContentID(of: PackageResources.playground_html + PackageResources.playground_css + PackageResources.playground_js)
  }

  /// What the page is called: `thermostat`.
  public var name: String
  /// A sentence for the person who opens it.
  public var description: String
  /// What stands before and behind what is typed: of a dialogue `> ` and `\n< `.
  public var before = ""
  public var after = ""
  /// A text that ends an answer, beside the end of a document; empty for none.
  public var stop = ""
  /// Requests to begin with.
  public var examples: [String] = []
  /// T, positions that attention sees.
  public var contextLength = 64

  public init(name: String, description: String) {
    (self.name, self.description) = (name, description)
  }

  private struct Facts: Encodable {
    var description, before, after, stop, image: String
    var examples: [String]
    var context: Int
  }

  /// The page, as UTF-8.
  /// - Parameters:
  ///   - engine: the WebAssembly module.
  ///   - image: an `.atome` file that says its shape.
  public func page(engine: [UInt8], image: [UInt8]) throws -> String {
    let facts = Facts(
      description: description, before: before, after: after, stop: stop, image: ContentID(of: image).short,
      examples: examples, context: contextLength)
    let parts = [
      "name": Self.escaped(name), "style": Self.text(PackageResources.playground_css),
      "script": Self.text(PackageResources.playground_js),
      // Inside a script element only its end tag has a meaning.
      "facts": try CanonicalJSON.text(facts).replacing("<", with: "\\u003c"),
      "engine": Data(engine).base64EncodedString(), "image": Data(image).base64EncodedString(),
    ]
    var page = ""
    var rest = Self.text(PackageResources.playground_html)[...]
    while let start = rest.range(of: "{{"), let end = rest.range(of: "}}") {
      page += rest[..<start.lowerBound] + (parts[String(rest[start.upperBound..<end.lowerBound])] ?? "")
      rest = rest[end.upperBound...]
    }
    return page + rest
  }

  private static func text(_ bytes: [UInt8]) -> String {
    var text = String(decoding: bytes, as: UTF8.self)
    while text.last == "\n" { text.removeLast() }
    return text
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }
}
