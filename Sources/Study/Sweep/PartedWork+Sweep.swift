import Basics
import Foundation
import Lineage
import Workbench

extension PartedWork {
  /// A sweep's trainings.
  /// - Parameter file: the sweep's file.
  public static func sweeping(_ file: String, workspace: Workspace) throws -> PartedWork {
    let path = URL(fileURLWithPath: file).standardizedFileURL.path
    // With its data: what cannot be trained is not submitted.
    let plan = try SweepPlan(reading: path)
    let (root, inputs) = (SweepPart.root(workspace.sweep(plan.name)), try plan.inputs())
    return PartedWork(
      words: ["sweep", path], name: plan.name, argument: path, folder: root, unit: .trainings,
      merge: { ["merge", path, "--parts", String($0)] },
      completion: { part in
        let place = PartFolder(part, of: plan.name, under: root)
        return SweepPartManifest.winner(in: place, of: plan.name, inputs: inputs, checksFiles: false).manifest.map {
          Completion(itemCount: $0.trainings.count, durationSeconds: $0.durationSeconds)
        }
      })
  }
}
