/// The names in `Prompt.labels` that are no word list's.
public enum PromptLabel {
  /// The template's position in the recipe, from 0: shows which templates a corpus is made of.
  public static let template = "template"
  /// The teacher's name, where a recipe has several.
  public static let teacher = "teacher"
}
