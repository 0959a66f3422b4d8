package org.distill4j.advice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The rule {@code transfer-set}: speaks where the transfer set is not like the data that the
 * teacher was validated on, as logs of what users happen to ask, for instance, which lack the rare
 * classes. What a teacher is not asked about it cannot pass on.
 *
 * @param divergence how far the two are apart
 * @param limits beyond which it speaks
 * @param command what labels again, on other data
 */
public record TransferSetRule(TransferSetDivergence divergence, Limits limits, String command)
    implements Advice.Entry {
  private static final int NAMED = 12;

  /**
   * How far is too far.
   *
   * @param furthest L∞, 0 to 1
   * @param jensenShannon in bits, 0 to 1
   * @param rare a class is rare below this part of what is expected of it, 0 to 1
   */
  public record Limits(double furthest, double jensenShannon, double rare) {
    boolean isBeyond(TransferSetDivergence.Distance distance) {
      return distance.furthest() > furthest || distance.jensenShannon() > jensenShannon;
    }
  }

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.TRANSFER_SET;
  }

  @Override
  public Optional<Advice> advice() {
    List<TransferSetDivergence.Share> rare =
        divergence.tail().stream()
            .filter(s -> s.isRare(limits.rare()))
            .sorted(Comparator.comparingDouble(s -> s.share() / s.expected()))
            .toList();
    boolean classes = !rare.isEmpty() || limits.isBeyond(divergence.classes());
    boolean features = limits.isBeyond(divergence.features());
    if (!classes && !features) {
      return Optional.empty();
    }
    List<String> says = new ArrayList<>();
    if (classes) {
      says.add("its classes differ (" + spelled(divergence.classes()) + ")" + named(rare));
    }
    if (features) {
      says.add(
          "its inputs differ most in feature %s (%s)"
              .formatted(divergence.feature(), spelled(divergence.features())));
    }
    Map<String, Double> measured = new LinkedHashMap<>();
    measured.put("classes_l_infinity", divergence.classes().furthest());
    measured.put("classes_jensen_shannon", divergence.classes().jensenShannon());
    measured.put("features_l_infinity", divergence.features().furthest());
    measured.put("features_jensen_shannon", divergence.features().jensenShannon());
    return Optional.of(
        new Advice(
            RuleOfThumb.TRANSFER_SET,
            measured,
            "the transfer set is not what the teacher was validated on: %s; label data like these, or validate on other examples: %s"
                .formatted(String.join("; ", says), command)));
  }

  private static String spelled(TransferSetDivergence.Distance distance) {
    return String.format(
        Locale.ROOT,
        "L∞ %.3f, Jensen-Shannon %.3f bits beyond chance",
        distance.furthest(),
        distance.jensenShannon());
  }

  /** The long tail, rarest first. */
  private static String named(List<TransferSetDivergence.Share> rare) {
    if (rare.isEmpty()) {
      return "";
    }
    List<String> named = new ArrayList<>();
    for (TransferSetDivergence.Share s : rare.subList(0, Math.min(NAMED, rare.size()))) {
      named.add(
          String.format(
              Locale.ROOT,
              "%s %,d (%.1f %% instead of %.1f %%)",
              s.name(),
              s.count(),
              100 * s.share(),
              100 * s.expected()));
    }
    String more = rare.size() > NAMED ? " and " + (rare.size() - NAMED) + " more" : "";
    return ", too few: " + String.join(", ", named) + more;
  }
}
