package org.distill4j.cli.bench;

import java.nio.file.Path;
import java.util.List;
import org.distill4j.settings.Binding;
import org.distill4j.settings.Describe;
import org.distill4j.views.Augmentation;

/** The views that a benchmark measures, said as a recipe says them. */
record MeasuredSteps(
    @Describe("in what other ways examples are shown") List<Augmentation> augment) {
  MeasuredSteps {
    augment = List.copyOf(augment);
  }

  /** The steps of a YAML list, such as {@code [{shift: 2}, {rotate: 10}]}. */
  static List<Augmentation> of(String list) {
    return new Binding<>(MeasuredSteps.class)
        .parse("augment: " + list, "benchmark", Path.of(""), List.of())
        .augment();
  }
}
