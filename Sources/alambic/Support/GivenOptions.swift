import ArgumentParser
import Basics

/// Which options of a group were given: those that are not what they are when nothing is.
enum GivenOptions {
  /// - Returns: names as they are typed, in the order of the help; none of the group may have a name of its own.
  /// - Throws: what parsing nothing throws.
  static func names<Options: ParsableArguments>(in options: Options) throws -> [String] {
    let usual = values(of: try Options.parse([]))
    return zip(values(of: options), usual).filter { $0.value != $1.value }.map { given, _ in "--" + kebab(given.name) }
  }

  private static func values(of options: some ParsableArguments) -> [(name: String, value: String)] {
    Mirror(reflecting: options).children.map { child in
      (String((child.label ?? "").drop { $0 == "_" }), String(describing: child.value))
    }
  }

  private static func kebab(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
  }
}
