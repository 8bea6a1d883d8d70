import Basics

/// README.txt of a bundle: for a person who has the archive and nothing else.
struct BundleReadme {
  let contents: BundleContents

  var text: String {
    """
    \(contents.name)
    \(String(repeating: "=", count: contents.name.count))

    \(contents.summary)

    Sealed by Alambic \(AlambicVersion.current). What is inside:

      README.md       the model card: evaluation, licences and measured facts; front matter for the Hugging Face Hub
      model.atome     the model: an \(format) image of \(ReadableUnits.bytes(contents.model.count)), ready to flash
      report.html     the proof that it computes the same bits on the bench and on the core; report.json for programs
      vectors.bin     the questions of that proof
      transcript.json some of its answers: prompts, the tokens chosen, a hash of all logits
      verify.py       a small program that checks this folder and those answers by itself
    \(score)\(playground)  recipe/         the prompts, word lists and settings that it was made from
      DATASHEET.md    what the training data is, where it comes from, what it is fit for
      LICENSES.md     the terms of the model, the data and the teacher's outputs
      receipts.json   one receipt a stage: inputs, outputs, settings and hashes, from the prompts to this model
      provenance.json the same for programs: an in-toto statement with a SLSA provenance predicate
      manifest.json   every file's SHA-256 and size; its own SHA-256 begins with the 12 digits in this folder's name
      SHA256SUMS      the same hashes, for sha256sum

    Check that nothing was changed (in this folder):

      sha256sum -c SHA256SUMS

    Check the model as well, with Python 3 and nothing else (it reads all that is here and computes the logits anew):

      python3 verify.py

    Check it as Alambic does, every bit on every engine that is at hand:

      alambic verify .

    Train it again from recipe/ and the answers, and compare every hash on the way (it says first how long it takes):

      alambic verify . --rebuild

    Run the model:

    \(Self.indented(contents.runCommands))

    Make it again; the same recipe and seed give the same bytes:

    \(Self.indented(contents.reproduceCommands))

    """
  }

  private var score: String {
    contents.scoreJSON == nil
      ? "" : "  score.json      how many requests it answers rightly, beside baselines; report.html shows it\n"
  }

  private var playground: String {
    contents.playground == nil
      ? "" : "  \(Playground.fileName) a page that talks: open it in any browser, no network needed\n"
  }

  /// The image's magic: `ATOMEQ02`.
  private var format: String {
    String(decoding: contents.model.prefix(8).prefix { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
  }

  private static func indented(_ commands: [String]) -> String {
    commands.map { "  \($0)" }.joined(separator: "\n")
  }
}
