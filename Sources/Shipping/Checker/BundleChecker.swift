/// The program in every bundle that checks it without Alambic: hashes, and the transcript's logits, in plain Python.
public enum BundleChecker {
  /// Its name in a bundle.
  public static let fileName = "verify.py"
  /// Written from the documents, not from the Swift or C code; at most 300 lines, so that a stranger reads them first.
  public static let program: [UInt8] = PackageResources.verify_py
}
