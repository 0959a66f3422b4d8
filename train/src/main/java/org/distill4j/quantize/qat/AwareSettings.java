package org.distill4j.quantize.qat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.distill4j.engine.TrainSettings;
import org.distill4j.engine.lowering.FakeQuantization;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;

/**
 * The settings of quantization-aware training. The defaults are what the field found enough: a
 * seventh of the steps at a tenth of the rate.
 *
 * @param share of the float run's epochs, rounded up, 0 to 1
 * @param rate what the float run's learning rate is multiplied by, greater than 0
 * @param ranges how ranges of activations and the steps of weights move
 * @param temperature values of T, of which validation takes one, each greater than 0; empty: the
 *     float run's
 * @see <a href="https://arxiv.org/abs/1712.05877">Jacob et al., 2017</a>
 */
@Describe("trains on while the model rounds as its integers will: the last of the repairs")
public record AwareSettings(
    @Default("0.15") @Describe("part of the float run's epochs, rounded up, 0..1") double share,
    @Default("0.1") @Describe("what the float run's rate is multiplied by, > 0") double rate,
    @Default("moving-average") @Describe("how ranges move: fixed, moving-average or lsq")
        FakeQuantization.Ranges ranges,
    @Default("[1.5, 4]")
        @Describe("values of T to try on validation, > 0; empty: as distill has it")
        List<Double> temperature) {
  /** Checks the bounds. */
  public AwareSettings {
    temperature = List.copyOf(temperature);
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share: " + share + " (expected: 0 < share <= 1)");
    }
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rate: " + rate + " (expected: > 0 and finite)");
    }
    if (temperature.stream().anyMatch(t -> !(t > 0 && t < Double.POSITIVE_INFINITY))
        || temperature.size() != temperature.stream().distinct().count()) {
      throw new IllegalArgumentException(
          "temperature: " + temperature + " (expected: each > 0, each once)");
    }
  }

  /** All defaults. */
  public static AwareSettings defaults() {
    return new AwareSettings(.15, .1, FakeQuantization.Ranges.MOVING_AVERAGE, List.of(1.5, 4.0));
  }

  /** How it is trained, given how the float model was: to the end. */
  public TrainSettings train(TrainSettings floats) {
    int epochs = (int) Math.max(1, Math.ceil(share * floats.epochs() - 1e-9));
    return new TrainSettings(
        epochs,
        floats.batch(),
        floats.optimizer(),
        floats.rate().scaled(rate),
        floats.weightDecay(),
        floats.clipNorm(),
        0);
  }

  /**
   * How many trainings there will be.
   *
   * @param isTaught whether there is a teacher, and so a T
   */
  public int trainings(boolean isTaught) {
    return isTaught ? Math.max(1, temperature.size()) : 1;
  }

  /** As plans and reports say it. */
  public String says(TrainSettings floats, boolean isTaught) {
    TrainSettings own = train(floats);
    String temperatures =
        !isTaught || temperature.isEmpty()
            ? ""
            : temperature.stream()
                .map(t -> String.format(Locale.ROOT, "%s", t))
                .collect(Collectors.joining(", ", ", T of ", " by validation"));
    return String.format(
        Locale.ROOT,
        "%d epochs of training on rounded numbers, %s, ranges %s%s",
        own.epochs(),
        own.rate(),
        ranges.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        temperatures);
  }
}
