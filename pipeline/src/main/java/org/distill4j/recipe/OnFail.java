package org.distill4j.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.engine.TrainSettings;
import org.distill4j.schedule.Schedule;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.zoo.Net;

/**
 * The settings {@code on-fail} of a gate: what is tried where a limit is not kept on validation, a
 * stronger student or a stronger distillation, one after the other, until one keeps all. The test
 * set has no part in it.
 *
 * @param backTo which stage is done again
 * @param with what is changed, each time against the recipe itself; tried in order
 */
@Describe("what else is tried, in order, until validation keeps every limit")
public record OnFail(
    @Default("distill") @Describe("the stage that is done again, and all after it") BackTo backTo,
    @Describe("what is changed, each against the recipe itself") List<Attempt> with) {
  /** A stage to go back to. */
  public enum BackTo {
    /** The same teacher and soft labels; students anew. */
    DISTILL
  }

  /**
   * One other way.
   *
   * @param student a stronger student
   * @param distill a stronger distillation
   */
  @Describe("a stronger student, a stronger distillation, or both")
  public record Attempt(
      @Describe("another net or training") Optional<StudentChange> student,
      @Describe("other weights or another temperature") Optional<DistillChange> distill) {
    /** Checks that something is changed. */
    public Attempt {
      if (student.isEmpty() && distill.isEmpty()) {
        throw new IllegalArgumentException(
            "student, distill: neither given (expected: at least one)");
      }
    }

    StudentSettings of(StudentSettings given) {
      return student.map(change -> change.of(given)).orElse(given);
    }

    DistillSettings of(DistillSettings given) {
      return distill.map(change -> change.of(given)).orElse(given);
    }

    /** What is given here is not searched for. */
    Optional<SearchSettings> of(Optional<SearchSettings> given) {
      return distill.isPresent() ? Optional.empty() : given;
    }

    /** What is changed, in a few words. */
    public String says() {
      List<String> changes = new ArrayList<>();
      student.flatMap(StudentChange::net).ifPresent(net -> changes.add("student.net " + net));
      student
          .flatMap(StudentChange::train)
          .ifPresent(train -> changes.add("student.train " + train));
      distill
          .flatMap(DistillChange::hard)
          .ifPresent(hard -> changes.add("distill.hard " + hard.says()));
      distill
          .flatMap(DistillChange::soft)
          .ifPresent(soft -> changes.add("distill.soft " + soft.says()));
      distill
          .flatMap(DistillChange::temperature)
          .ifPresent(hot -> changes.add("distill.temperature " + hot.says()));
      return String.join(", ", changes);
    }
  }

  /**
   * Another student that sees the same labels and views.
   *
   * @param net instead of the recipe's net or file
   * @param train how it is trained; the baselines are trained alike
   */
  @Describe("another net or training; what is absent stays as it is")
  public record StudentChange(
      @Describe("instead of the recipe's net or file") Optional<Net> net,
      @Describe("how it is trained") Optional<TrainSettings> train) {
    /** Checks that something is changed. */
    public StudentChange {
      if (net.isEmpty() && train.isEmpty()) {
        throw new IllegalArgumentException("net, train: neither given (expected: at least one)");
      }
    }

    StudentSettings of(StudentSettings given) {
      return new StudentSettings(
          net.or(given::net),
          net.isPresent() ? Optional.empty() : given.file(),
          net.isPresent() ? Optional.empty() : given.preprocessing(),
          train.orElse(given.train()),
          given.labelled(),
          given.augment(),
          given.omit(),
          given.correctBias());
    }
  }

  /** Another objective on the same soft labels; a search is then not made again. */
  @Describe("other weights or another temperature; what is absent stays as it is")
  public record DistillChange(
      @Describe("weight of the hard loss") Optional<Schedule> hard,
      @Describe("weight of the soft loss") Optional<Schedule> soft,
      @Describe("T >= 1") Optional<Schedule> temperature) {
    /** Checks that something is changed. */
    public DistillChange {
      if (hard.isEmpty() && soft.isEmpty() && temperature.isEmpty()) {
        throw new IllegalArgumentException(
            "hard, soft, temperature: none given (expected: at least one)");
      }
    }

    DistillSettings of(DistillSettings given) {
      return new DistillSettings(
          hard.orElse(given.hard()),
          soft.orElse(given.soft()),
          temperature.orElse(given.temperature()),
          given.labels());
    }
  }

  /** Takes a copy and checks that something is tried. */
  public OnFail {
    with = List.copyOf(with);
    if (with.isEmpty()) {
      throw new IllegalArgumentException("with: [] (expected: at least one change)");
    }
  }
}
