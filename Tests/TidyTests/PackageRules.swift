import Basics

/// What Package.swift and Package.resolved keep to: a version is one version, for packages of packages, too.
enum PackageRules {
  /// The part of Package.resolved that is looked at.
  struct Resolved: Decodable {
    struct Pin: Decodable {
      struct State: Decodable {
        var revision: String
        var version: String?
      }
      var location: String
      var state: State
    }
    var pins: [Pin]
  }

  /// Every package of the manifest is pinned at its exact version, and every pin has a version and is of a host that
  /// the manifest names.
  static func pins(of manifest: RepositoryFile, in resolved: RepositoryFile) throws -> [Finding] {
    let pins = try CanonicalJSON.decode(Resolved.self, from: Array(resolved.text.utf8), named: resolved.path).pins
    var findings: [Finding] = []
    let declared = manifest.text.matches(of: #/\.package\(\s*url: "([^"]+)", ([^)]*)\)/#)
    for package in declared {
      let url = String(package.1)
      guard let version = package.2.firstMatch(of: #/^exact: "([0-9.]+)"$/#)?.1 else {
        findings.append(Finding(manifest, "the version of \(url) is not exact"))
        continue
      }
      guard !pins.contains(where: { $0.location == url && $0.state.version == String(version) }) else { continue }
      findings.append(Finding(resolved, "\(url) is not pinned at \(version): build, then commit this file"))
    }
    let hosts = Set(declared.compactMap { host(of: String($0.1)) })
    for pin in pins where pin.state.version == nil || !hosts.contains(host(of: pin.location) ?? "") {
      findings.append(Finding(resolved, "\(pin.location) has no version, or comes from a host of its own"))
    }
    return findings
  }

  private static func host(of url: String) -> String? { url.split(separator: "/").dropFirst().first.map(String.init) }
}
