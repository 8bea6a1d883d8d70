import Foundation

/// How often tests kill what they run: a few times in `make test`, and as often as `make kills` says.
public enum KillCount {
  public static func value(usually count: Int) -> Int {
    ProcessInfo.processInfo.environment["ALAMBIC_KILLS"].flatMap(Int.init) ?? count
  }
}
