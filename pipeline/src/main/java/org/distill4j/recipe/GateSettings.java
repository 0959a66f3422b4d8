package org.distill4j.recipe;

import java.util.List;
import java.util.Optional;
import org.distill4j.alert.Alert;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.Shorthand;

/**
 * The settings {@code gate} of a recipe: what a run must reach, else everything is kept and the
 * exit code is 3. The verdict is one reading of the test set.
 *
 * @param limits each must be kept
 * @param alert who is told if one is not
 * @param onFail what else is tried, decided on validation alone
 */
@Shorthand
@Describe("what the run must reach, read once on the test set: else exit code 3, everything kept")
public record GateSettings(
    @Default("[]") @Describe("what is demanded, each must be kept") List<Limit> limits,
    @Describe("who is told if a limit is not kept: webhook or command") Optional<Alert> alert,
    @Describe("what else is tried where validation tells that a limit is not kept")
        Optional<OnFail> onFail) {
  /** Takes a copy. */
  public GateSettings {
    limits = List.copyOf(limits);
    if (onFail.isPresent() && limits.isEmpty()) {
      throw new IllegalArgumentException(
          "limits, on-fail: none, given (expected: limits that validation is held against)");
    }
  }

  /** The same without anything else to try. */
  GateSettings once() {
    return new GateSettings(limits, alert, Optional.empty());
  }
}
