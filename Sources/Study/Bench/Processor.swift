import Basics

/// The machine, as a page of measurements names it.
enum Processor {
  /// As the system calls it; "unknown processor" where it does not say.
  static var name: String {
    let lines = (try? AtomicFile.read("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let line = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.drop { $0 == " " } }.map(String.init) ?? "unknown processor"
  }
}
