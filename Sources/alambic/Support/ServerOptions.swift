import ArgumentParser
import Basics
import Console
import Foundation
import Serving

/// Where a server listens, and for whom.
struct ServerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The address to listen on; another one than loopback lets other machines ask.", valueName: "address"))
  var host = "127.0.0.1"
  @Option(help: ArgumentHelp("The port; 0 takes a free one.", valueName: "number"))
  var port: UInt16 = 0
  @Option(help: ArgumentHelp("The environment variable with the key that requests have to bring.", valueName: "name"))
  var apiKeyEnvironment: String?
  @Option(
    help: ArgumentHelp(
      "Pages of this origin may ask, too, or of any with '*'; pages of this machine always may.", valueName: "origin"))
  var allowOrigin: String?
  @Option(
    help: ArgumentHelp(
      "Connections at a time; one more closes the slowest (default: 512, or half of the descriptors).",
      valueName: "count"))
  var connections: Int?

  /// - Throws: `HintedError` for a key that is not there, or a count out of bounds.
  func settings() throws -> ServerSettings {
    var settings = ServerSettings(host: host, port: port)
    settings.allowedOrigin = allowOrigin
    settings.key = try key()
    if let connections {
      try Limits.check("--connections", connections, in: 1...65_536)
      settings.limits.connections = connections
    } else {
      settings.limits.fitDescriptors()
    }
    return settings
  }

  private func key() throws -> String? {
    guard let apiKeyEnvironment else { return nil }
    guard let key = ProcessInfo.processInfo.environment[apiKeyEnvironment], !key.isEmpty else {
      throw HintedError(
        "--api-key-environment: the variable \(apiKeyEnvironment) is not set", hint: "export it with the key",
        status: .usage)
    }
    return key
  }

  /// Says where it answers, and warns of a door without a lock.
  func announce(_ port: UInt16) {
    let name = host.contains(":") ? "[\(host)]" : host
    Output.text("http://\(name):\(port)/v1")
    if apiKeyEnvironment == nil, !ServerSettings(host: host).isLoopback {
      StandardStream.say("anyone who reaches \(host) may ask; --api-key-environment makes them send a key\n")
    }
  }
}
