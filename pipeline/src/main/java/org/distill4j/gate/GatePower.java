package org.distill4j.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.data.Splits;
import org.distill4j.eval.SampleSize;
import org.distill4j.graph.TaskType;
import org.distill4j.recipe.GateSettings;
import org.distill4j.recipe.Limit;
import org.distill4j.recipe.ModelNames;
import org.distill4j.recipe.Recipe;

/** What the gate will do, and how many examples its margins need. */
public final class GatePower {
  /**
   * Which share of the examples only one of two models gets right, as measured on the embedded data
   * (student and teacher 4 %, student and lone student 10 %, 8-bit and float student 0.6 %) and
   * rounded up.
   */
  private static final double BESIDE_TEACHER = 0.05;

  private static final double BESIDE_ALONE = 0.12;
  private static final double BESIDE_FLOAT = 0.02;

  private final Recipe recipe;
  private final Splits splits;

  public GatePower(Recipe recipe, Splits splits) {
    this.recipe = recipe;
    this.splits = splits;
  }

  /** A line for each thing; none where the recipe demands nothing of a model. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (recipe.gate().isEmpty()) {
      return lines;
    }
    GateSettings gate = recipe.gate().get();
    List<String> models = recipe.models();
    String last = models.get(models.size() - 1);
    if (!gate.limits().isEmpty()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "gate: read once on %,d test examples; exit code 3 unless",
              splits.test().data().size()));
    }
    for (Limit limit : gate.limits()) {
      lines.add(
          "  %s of %s %s%s%s"
              .formatted(
                  limit.title(),
                  limit.model().orElse(last),
                  limit.demand(),
                  limit.reads() == Limit.Reads.BOUND ? ", read at the 95 % bound" : "",
                  needed(limit)));
    }
    gate.onFail()
        .ifPresent(
            onFail -> {
              lines.add(
                  String.format(
                      Locale.ROOT,
                      "gate, on fail: checked on %,d validation examples first; if a limit is not kept, students are trained again with",
                      splits.validation().data().size()));
              onFail.with().forEach(attempt -> lines.add("  " + attempt.says()));
              gate.limits().forEach(limit -> beforehand(limit).ifPresent(lines::add));
            });
    return lines;
  }

  /** A margin that so few validation examples cannot show: what else is tried is tried anyway. */
  private Optional<String> beforehand(Limit limit) {
    long n = splits.validation().data().size();
    if (!(limit instanceof Limit.Drop drop)
        || drop.reads() != Limit.Reads.BOUND
        || splits.task() == TaskType.REGRESSION
        || drop.most() >= SampleSize.shown(n, discordance(drop))) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "gate, on fail: %s, read at the bound: %,d validation examples show margins from %.2f"
                + " points on, so it will seldom be kept there; reads: point, or more validation"
                + " data",
            drop.title(),
            n,
            100 * SampleSize.shown(n, discordance(drop))));
  }

  private static double discordance(Limit.Drop drop) {
    return drop.discordance().orElseGet(() -> usual(drop.against()));
  }

  private String needed(Limit limit) {
    if (limit.reads() != Limit.Reads.BOUND || splits.task() == TaskType.REGRESSION) {
      return "";
    }
    long n = splits.test().data().size();
    if (limit instanceof Limit.Drop drop) {
      double discordance = discordance(drop);
      double shown = SampleSize.shown(n, discordance);
      if (drop.most() >= shown) {
        return String.format(
            Locale.ROOT,
            ": needs %,d test examples%s",
            SampleSize.examples(drop.most(), discordance),
            assumed(discordance));
      }
      return String.format(
          Locale.ROOT,
          ": the test set is TOO SMALL, %,d of %s examples%s; it shows margins from %.2f points on",
          n,
          drop.most() > 0
              ? String.format(Locale.ROOT, "%,d", SampleSize.examples(drop.most(), discordance))
              : "endless",
          assumed(discordance),
          100 * shown);
    } else if (limit instanceof Limit.BeatsAlone alone) {
      return String.format(
          Locale.ROOT,
          ": %,d test examples show that from a true gain of %.2f points on%s",
          n,
          100 * (alone.by() + SampleSize.shown(n, BESIDE_ALONE)),
          assumed(BESIDE_ALONE));
    }
    return "";
  }

  private static double usual(String against) {
    if (against.equals(ModelNames.TEACHER)) {
      return BESIDE_TEACHER;
    }
    return against.equals(ModelNames.STUDENT) ? BESIDE_FLOAT : BESIDE_ALONE;
  }

  private static String assumed(double discordance) {
    return String.format(
        Locale.ROOT,
        " (in 8 of 10 cases, if one of the two alone is right on %.3g %% of them)",
        100 * discordance);
  }
}
