package org.distill4j.step;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.LabelledSubset;
import org.distill4j.distill.Objective;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.recipe.Baseline;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Recipe;
import org.distill4j.settings.StepKey;

/**
 * The specification of one of a run's students: what it learns from. The students are the same net
 * with the same initial weights, steps, order, views and optimizer; this is all they differ in.
 *
 * @param student what results call it
 * @param objective what it minimises
 * @param labelled which labels it sees
 * @param teaching how it hears the teacher
 */
public record StudentSpec(
    String student,
    Objective objective,
    LabelledSubset labelled,
    Optional<TeacherSignal> teaching) {

  /** The lessons of a recipe: first the baselines, then the distilled student. */
  public static List<StudentSpec> of(RunEnvironment run, Optional<TeacherSignal> teaching) {
    List<StudentSpec> lessons = new ArrayList<>();
    for (Baseline baseline : baselines(run.recipe(), run.labelled())) {
      LabelledSubset labelled =
          baseline == Baseline.ALONE ? run.labelled() : LabelledSubset.all(run.labelled().size());
      lessons.add(
          new StudentSpec(baseline.model(), Objective.LABELS_ONLY, labelled, Optional.empty()));
    }
    lessons.add(
        new StudentSpec(
            ModelNames.STUDENT, run.recipe().distill().objective(), run.labelled(), teaching));
    return lessons;
  }

  /** The baselines that tell something: where every label may be seen, two of them are one. */
  public static List<Baseline> baselines(Recipe recipe, LabelledSubset labelled) {
    return recipe.baselines().stream()
        .filter(Baseline::isTrained)
        .filter(
            b ->
                b == Baseline.ALONE
                    || labelled.count() < labelled.size()
                    || !recipe.baselines().contains(Baseline.ALONE))
        .toList();
  }

  /** Adds what the student depends on beside its net and how it is trained. */
  StepKey in(StepKey key) {
    return key.with("objective", objective)
        .with("labelled", labelled.toString())
        .from("teaching", teaching.map(TeacherSignal::digest));
  }

  /** What the student is made from, by name, for its metadata. */
  Map<String, String> lineage() {
    Map<String, String> lineage = new LinkedHashMap<>();
    teaching.ifPresent(
        heard -> {
          if (heard instanceof TeacherSignal.Online live) {
            lineage.put("teacher", live.teacher().sha256());
          } else {
            lineage.put("teacher", heard.files().get(0).key().teacher());
            lineage.put("labels", heard.digest());
          }
        });
    return lineage;
  }
}
