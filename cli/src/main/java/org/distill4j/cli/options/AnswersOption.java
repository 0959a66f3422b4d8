package org.distill4j.cli.options;

import java.util.Optional;
import org.distill4j.eval.ScoreKind;
import picocli.CommandLine.Option;

/**
 * What the numbers are that a classifier answers, where neither its end nor they themselves tell.
 */
public final class AnswersOption {
  @Option(
      names = "--answers",
      paramLabel = "KIND",
      description =
          "What the model's numbers are: logits, probabilities or sigmoid; what its file, its last"
              + " operator and its answers to examples say if left out.")
  private ScoreKind kind;

  /** What was told. */
  public Optional<ScoreKind> told() {
    return Optional.ofNullable(kind);
  }
}
