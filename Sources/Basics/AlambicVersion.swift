/// Alambic's own version, written into receipts, trailers and bundles.
public enum AlambicVersion {
  public static let current = "0.1.0"
}
