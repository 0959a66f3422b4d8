package org.distill4j.examples;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.data.Dataset;
import org.distill4j.tensor.Shape;

/**
 * Three arms of a spiral, one class each: a data set of one's own, here computed rather than
 * stored. Every example is a function of its index.
 *
 * @param size how many examples
 */
public record Spirals(long size) implements Dataset {
  private static final double TURNS = 1.5;
  private static final double NOISE = 0.1; // standard deviation of the angle, in radians

  @Override
  public String name() {
    return "spirals";
  }

  @Override
  public Shape shape() {
    return Shape.of(2);
  }

  @Override
  public List<String> classes() {
    return List.of("red", "green", "blue");
  }

  @Override
  public int label(long index) {
    return (int) (index % 3);
  }

  @Override
  public void read(long index, FloatBuffer target) {
    SplittableRandom random = new SplittableRandom(index);
    double radius = random.nextDouble();
    double arm = label(index) * 2 * Math.PI / 3;
    double noise =
        NOISE * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5) * 2;
    double angle = arm + radius * TURNS * 2 * Math.PI + noise;
    target.put((float) (radius * Math.cos(angle))).put((float) (radius * Math.sin(angle)));
  }
}
