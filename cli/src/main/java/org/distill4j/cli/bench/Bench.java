package org.distill4j.cli.bench;

import java.util.concurrent.Callable;
import org.distill4j.cli.options.DataOptions;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.data.Splits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements that are made the same way everywhere. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures a reference workload.",
    subcommands = {
      Bench.Distill.class,
      Bench.Live.class,
      Bench.ShownViews.class,
      RecordsBench.class,
      QuantizationBench.Calibrate.class,
      QuantizationBench.Int8.class
    })
public final class Bench implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "workload: none (expected: calibrate, distill, int8, live, records or views)");
  }

  /** The reference distillation. */
  @Command(
      name = "distill",
      mixinStandardHelpOptions = true,
      description =
          "Labels data with the reference teacher and trains the reference student; prints one"
              + " JSON line.",
      footer = {
        "",
        "Example: ./distill4j bench distill --data mnist --n 12000 --epochs 5 --threads 2"
      })
  static final class Distill implements Callable<Integer> {
    @Mixin private DataOptions data;

    @Option(
        names = "--n",
        defaultValue = "12000",
        description = "Training images; 12000 if left out.")
    private long n;

    @Option(
        names = "--epochs",
        defaultValue = "5",
        description = "Epochs, the first discarded; 5 if left out.")
    private int epochs;

    @Option(names = "--threads", defaultValue = "2", description = "Threads; 2 if left out.")
    private int threads;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      data.require(spec);
      if (n < 1 || epochs < 1 || threads < 1) {
        throw new ParameterException(
            spec.commandLine(),
            "--n, --epochs, --threads: %s, %s, %s (expected: each >= 1)"
                .formatted(n, epochs, threads));
      }
      Splits splits = find(spec, data, n);
      spec.commandLine()
          .getOut()
          .println(JsonOutput.line(ReferenceWorkload.measure(splits, n, epochs, threads)));
      return 0;
    }
  }

  private static Splits find(CommandSpec spec, DataOptions data, long n) {
    Splits splits = data.find();
    long available = splits.train().data().size();
    if (n > available) {
      throw new ParameterException(
          spec.commandLine(), "--n: " + n + " (expected: <= " + available + ", as the data have)");
    }
    return splits;
  }

  /** The reference distillation with the teacher in the step. */
  @Command(
      name = "live",
      mixinStandardHelpOptions = true,
      description =
          "Times the reference teacher and the reference student, each alone and then the teacher"
              + " asked in the student's steps; prints one JSON line.",
      footer = {"", "Example: ./distill4j bench live --data mnist --n 6400 --rounds 5 --threads 2"})
  static final class Live implements Callable<Integer> {
    @Mixin private DataOptions data;

    @Option(
        names = "--n",
        defaultValue = "6400",
        description = "Training images; 6400 if left out.")
    private long n;

    @Option(
        names = "--rounds",
        defaultValue = "5",
        description = "Rounds, of which the median counts; 5 if left out.")
    private int rounds;

    @Option(names = "--threads", defaultValue = "2", description = "Threads; 2 if left out.")
    private int threads;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      data.require(spec);
      if (n < 1 || rounds < 1 || threads < 1) {
        throw new ParameterException(
            spec.commandLine(),
            "--n, --rounds, --threads: %s, %s, %s (expected: each >= 1)"
                .formatted(n, rounds, threads));
      }
      LiveWorkload measured = LiveWorkload.measure(find(spec, data, n), n, rounds, threads);
      spec.commandLine().getOut().println(JsonOutput.line(measured));
      return 0;
    }
  }

  /** Augmentation by one thread. */
  @Command(
      name = "views",
      mixinStandardHelpOptions = true,
      description =
          "Makes views of images on one thread; prints images per second as one JSON line.",
      footer = {"", "Example: ./distill4j bench views --data mnist --n 50000"})
  static final class ShownViews implements Callable<Integer> {
    @Mixin private DataOptions data;

    @Option(
        names = "--n",
        defaultValue = "50000",
        description = "Views of each kind in each of five rounds; 50000 if left out.")
    private long n;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      data.require(spec);
      if (n < 1) {
        throw new ParameterException(spec.commandLine(), "--n: " + n + " (expected: >= 1)");
      }
      spec.commandLine()
          .getOut()
          .println(JsonOutput.line(ViewWorkload.measure(data.find().train().data(), n)));
      return 0;
    }
  }
}
