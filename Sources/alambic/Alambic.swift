import ArgumentParser
import Basics

@main
struct Alambic: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alambic",
    abstract: "Distil a teacher's narrow domain into a ternary byte model for microcontrollers.",
    version: AlambicVersion.current)
}
