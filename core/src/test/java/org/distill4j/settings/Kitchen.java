package org.distill4j.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Settings of every kind that a binding knows. */
@Describe("a kitchen")
record Kitchen(
    @Describe("what it is called") String name,
    @Default("1") long seed,
    @Default("4") @Describe("seats, >= 1") int seats,
    @Default("true") boolean open,
    Optional<Path> menu,
    @Default("knife") Stove stove,
    Heat heat,
    @Default("[soup, main-dish]") List<Course> courses,
    @Default("[]") List<Cook> cooks,
    @Default("{}") Mix mix) {

  Kitchen {
    if (seats < 1) {
      throw new IllegalArgumentException("seats: " + seats + " (expected: >= 1)");
    }
    if (cooks.size() > seats) {
      throw new IllegalArgumentException(
          "cooks, seats: " + cooks.size() + ", " + seats + " (expected: a seat for each cook)");
    }
    if (mix.water > 50) {
      throw new IllegalArgumentException("mix.water: " + mix.water + " (expected: <= 50)");
    }
  }

  enum Course {
    SOUP,
    MAIN_DISH,
    DESSERT
  }

  sealed interface Stove {}

  record Knife() implements Stove {}

  record GasStove(@Default("2") int flames, @Default("0.5") double maxPower) implements Stove {
    GasStove {
      if (!(maxPower > 0)) {
        throw new IllegalArgumentException("maxPower: " + maxPower + " (expected: > 0)");
      }
    }
  }

  record WoodStove(List<Integer> logs) implements Stove {}

  sealed interface Heat {}

  @Shorthand
  record Steady(double degrees, @Default("0") int warmup) implements Heat {
    Steady {
      if (degrees < -273) {
        throw new IllegalArgumentException("degrees: " + degrees + " (expected: >= -273)");
      }
    }
  }

  record Rising(double from, double to) implements Heat {}

  @Shorthand
  record Cook(String name, @Default("0") int stars) {}

  record Mix(
      @Default("0.1") double salt, @Default("0.9") double sugar, @Default("1") double water) {
    Mix {
      if (!(salt >= 0)) {
        throw new IllegalArgumentException("salt: " + salt + " (expected: >= 0)");
      }
      if (!(sugar >= 0)) {
        throw new IllegalArgumentException("sugar: " + sugar + " (expected: >= 0)");
      }
      if (!(water > 0)) {
        throw new IllegalArgumentException("water: " + water + " (expected: > 0)");
      }
      if (salt + sugar == 0) {
        throw new IllegalArgumentException(
            "salt, sugar: " + salt + ", " + sugar + " (expected: one of them > 0)");
      }
    }

    @InsteadOf({"salt", "sugar"})
    @Describe("the share of salt, 0..1; the rest is sugar")
    static List<Double> saltiness(double salt) {
      if (!(salt >= 0 && salt <= 1)) {
        throw new IllegalArgumentException("saltiness: " + salt + " (expected: 0 to 1)");
      }
      return List.of(salt, 1 - salt);
    }
  }
}
