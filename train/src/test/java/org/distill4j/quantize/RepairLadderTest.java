package org.distill4j.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.distill4j.progress.Notes;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.ptq.Repair;
import org.junit.jupiter.api.Test;

/** What is lost is written down here, so that which rung comes next is arithmetic. */
class RepairLadderTest {
  private static final double LIMIT = .01;

  /** Every rung of a model of four layers, where nothing is ever within the limit. */
  private static final List<String> ALL =
      List.of(
          "int8",
          "int8-equalized",
          "int8-split",
          "int8-smoothed",
          "int8-corrected",
          "int8-rounded",
          "int8-trained",
          "int8-first-layer-float",
          "int8-2-float", // of four layers, the half of them at first
          "int8-3-float");

  /**
   * A model whose layers lose so much each while they are integers, and which gets a part of that
   * back from each repair.
   */
  private static class Losses implements RepairLadder.Trier {
    // of which the third suffers most, then the first, the fourth, the second
    private final List<String> layers = List.of("a", "b", "c", "d");
    private final Map<String, Double> costs = Map.of("a", .06, "b", .01, "c", .09, "d", .04);
    private final Map<Repair, Double> gains; // added to what is lost otherwise
    private final OptionalDouble trained;
    private final Set<Repair> idle;
    private final List<RepairLadder.Rung> tried = new ArrayList<>();

    Losses(Map<Repair, Double> gains, OptionalDouble trained, Set<Repair> idle) {
      this.gains = gains;
      this.trained = trained;
      this.idle = idle;
    }

    @Override
    public double drop(RepairLadder.Rung rung) {
      tried.add(rung);
      double drop = 0;
      for (String layer : layers) {
        drop += rung.keepFloat().contains(layer) ? 0 : costs.get(layer);
      }
      for (Repair repair : rung.repairs()) {
        drop -= gains.getOrDefault(repair, 0.0);
      }
      return drop;
    }

    @Override
    public OptionalDouble trained(RepairLadder.Rung rung) {
      trained.ifPresent(drop -> tried.add(rung));
      return trained;
    }

    @Override
    public boolean changes(Repair repair, RepairLadder.Rung rung) {
      assertThat(rung.repairs()).contains(repair);
      return !idle.contains(repair);
    }

    @Override
    public List<String> layers(Set<Repair> repairs) {
      return layers;
    }

    @Override
    public List<String> bySensitivity(Set<Repair> repairs) {
      return List.of("c", "a", "d", "b");
    }

    List<String> names() {
      return tried.stream().map(RepairLadder.Rung::name).toList();
    }

    RepairLadder.Rung rung(String name) {
      return tried.get(names().indexOf(name));
    }
  }

  /** The n-th rung that is tried, from 0, is within the limit; all others lose the same. */
  private static final class Stopping implements RepairLadder.Trier {
    private final int within;
    private final List<String> tried = new ArrayList<>();

    Stopping(int within) {
      this.within = within;
    }

    @Override
    public double drop(RepairLadder.Rung rung) {
      tried.add(rung.name());
      return tried.size() - 1 == within ? LIMIT : .2;
    }

    @Override
    public OptionalDouble trained(RepairLadder.Rung rung) {
      return OptionalDouble.of(drop(rung));
    }

    @Override
    public boolean changes(Repair repair, RepairLadder.Rung rung) {
      return true;
    }

    @Override
    public List<String> layers(Set<Repair> repairs) {
      return List.of("a", "b", "c", "d");
    }

    @Override
    public List<String> bySensitivity(Set<Repair> repairs) {
      return layers(repairs);
    }
  }

  private static Losses climbed(Losses losses, Repair... first) {
    Set<Repair> before = EnumSet.noneOf(Repair.class);
    before.addAll(List.of(first));
    new RepairLadder(losses, LIMIT, () -> true, ProgressListener.NONE).climb(before);
    return losses;
  }

  @Test
  void climb_whereTheNthRungIsWithinTheLimit_triesThoseBeforeItInTheirOrder() {
    // the two last halve what is left, so that one within the limit has another after it
    for (int n = 0; n < ALL.size() - 2; n++) {
      Stopping trier = new Stopping(n);
      new RepairLadder(trier, LIMIT, () -> true, ProgressListener.NONE).climb(Set.of());
      assertThat(trier.tried).isEqualTo(ALL.subList(0, n + 1));
    }
  }

  @Test
  void climb_whereWhatIsTrainedIsWithinTheLimit_keepsNoLayerFloat() {
    Losses losses = climbed(new Losses(Map.of(Repair.ROUND, .1), OptionalDouble.of(.01), Set.of()));
    assertThat(losses.names()).endsWith("int8-rounded", "int8-trained");
    assertThat(losses.tried).allSatisfy(rung -> assertThat(rung.keepFloat()).isEmpty());
    assertThat(losses.rung("int8-trained").repairs()).containsExactly(Repair.ROUND);
  }

  @Test
  void climb_whereNothingIsWithinTheLimit_triesEveryRungOnce() {
    Losses losses = climbed(new Losses(Map.of(), OptionalDouble.of(.3), Set.of()));
    // .2 of which c, a and d being float leave .01, which is the limit
    assertThat(losses.names()).isEqualTo(ALL);
    assertThat(losses.rung("int8-first-layer-float").keepFloat()).containsExactly("a");
    assertThat(losses.rung("int8-2-float").keepFloat()).containsExactlyInAnyOrder("c", "a");
    assertThat(losses.rung("int8-3-float").keepFloat()).containsExactlyInAnyOrder("c", "a", "d");
  }

  @Test
  void climb_whereHalfTheLayersFloatIsEnough_triesWithFewer() {
    // .2 - .05: a and c being float leave 0, c alone leaves .06
    Losses losses =
        climbed(new Losses(Map.of(Repair.CORRECT_BIAS, .05), OptionalDouble.empty(), Set.of()));
    assertThat(losses.names()).endsWith("int8-first-layer-float", "int8-2-float", "int8-1-float");
    assertThat(losses.rung("int8-1-float").keepFloat()).containsExactly("c");
  }

  @Test
  void climb_aRepairThatGains_staysAndOneThatDoesNotIsLeftOut() {
    // of .2: equalized .21, split .18, smoothed .18, corrected .13, rounded .14
    Map<Repair, Double> gains =
        Map.of(
            Repair.EQUALIZE, -.01, Repair.SPLIT, .02, Repair.CORRECT_BIAS, .05, Repair.ROUND, -.01);
    Losses losses = climbed(new Losses(gains, OptionalDouble.of(.3), Set.of()));
    assertThat(losses.rung("int8-split").repairs()).containsExactly(Repair.SPLIT);
    assertThat(losses.rung("int8-smoothed").repairs())
        .containsExactlyInAnyOrder(Repair.SPLIT, Repair.SMOOTH);
    assertThat(losses.rung("int8-corrected").repairs())
        .containsExactlyInAnyOrder(Repair.SPLIT, Repair.CORRECT_BIAS);
    for (String last : List.of("int8-trained", "int8-first-layer-float", "int8-2-float")) {
      assertThat(losses.rung(last).repairs())
          .as(last)
          .containsExactlyInAnyOrder(Repair.SPLIT, Repair.CORRECT_BIAS);
    }
  }

  @Test
  void climb_aRepairThatChangesNothing_isNotedAndNotTried() {
    Losses losses =
        new Losses(Map.of(), OptionalDouble.empty(), Set.of(Repair.EQUALIZE, Repair.SMOOTH));
    Notes notes = new Notes();
    new RepairLadder(losses, LIMIT, () -> true, notes).climb(Set.of());
    assertThat(losses.names())
        .startsWith(
            "int8", "int8-split", "int8-corrected", "int8-rounded", "int8-first-layer-float");
    assertThat(notes.lines())
        .contains(
            "int8-equalized: nothing to change in this model",
            "int8-smoothed: nothing to change in this model",
            "int8-split: gained nothing");
  }

  @Test
  void climb_withRepairsDone_keepsThemAndTriesTheOthers() {
    Losses losses =
        climbed(
            new Losses(Map.of(), OptionalDouble.empty(), Set.of()), Repair.EQUALIZE, Repair.ROUND);
    assertThat(losses.names())
        .startsWith(
            "int8", "int8-split", "int8-smoothed", "int8-corrected", "int8-first-layer-float");
    assertThat(losses.tried)
        .allSatisfy(r -> assertThat(r.repairs()).contains(Repair.EQUALIZE, Repair.ROUND));
  }

  @Test
  void climb_whereNobodyTrains_keepsLayersFloatAtOnce() {
    Losses losses = climbed(new Losses(Map.of(), OptionalDouble.empty(), Set.of()));
    assertThat(losses.names()).containsSubsequence("int8-rounded", "int8-first-layer-float");
    assertThat(losses.names()).doesNotContain("int8-trained");
  }

  /** A drop of all that can be lost is within a limit of 1, and what is not made is not. */
  @Test
  void climb_whereARungCannotBeMade_goesOnWhateverTheLimit() {
    Losses losses =
        new Losses(Map.of(), OptionalDouble.empty(), Set.of()) {
          @Override
          public double drop(RepairLadder.Rung rung) {
            double drop = super.drop(rung);
            return rung.repairs().isEmpty() ? Double.POSITIVE_INFINITY : drop;
          }
        };
    Notes notes = new Notes();
    new RepairLadder(losses, 1, () -> true, notes).climb(Set.of());
    assertThat(losses.names()).containsExactly("int8", "int8-equalized");
    assertThat(notes.lines()).isEmpty();
  }

  @Test
  void climb_whereTheTimeIsUp_triesTheFirstRungAlone() {
    Losses losses = new Losses(Map.of(), OptionalDouble.of(0), Set.of());
    new RepairLadder(losses, LIMIT, () -> false, ProgressListener.NONE).climb(Set.of());
    assertThat(losses.names()).containsExactly("int8");
  }
}
