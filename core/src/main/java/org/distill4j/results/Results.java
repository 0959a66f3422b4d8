package org.distill4j.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.PairedErrors;
import org.distill4j.eval.PooledComparison;
import org.distill4j.fault.InputFault;
import org.distill4j.storage.AtomicFile;

/**
 * The results of a run, as {@code results.json} holds them. Keys may be added to the file, never
 * renamed; a reader passes over those it does not know.
 *
 * @param format 1
 * @param recipe the recipe's name
 * @param seed what every random stream of the run derives from
 * @param seconds how long the run took
 * @param data what it was made of
 * @param stages in the order they ran
 * @param models in the order to show them
 * @param comparisons between these models
 * @param advice what the run's measurements say about the field's rules of thumb
 * @param gate the rules that the recipe demands; null if it demands none
 * @param search what was tried on validation; null if nothing was
 * @param exports the last student in other forms; null if it was written in none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Results(
    int format,
    String recipe,
    long seed,
    double seconds,
    Data data,
    List<Stage> stages,
    List<Model> models,
    List<Comparison> comparisons,
    List<Advice> advice,
    Gate gate,
    SearchSummary search,
    List<ExportSummary> exports) {
  /**
   * The share of bytes, or of time, that must be gone for a gain worth the name: two measurements
   * of one model may differ by less.
   */
  public static final double GAIN = .05;

  /** Without a search. */
  public Results(
      int format,
      String recipe,
      long seed,
      double seconds,
      Data data,
      List<Stage> stages,
      List<Model> models,
      List<Comparison> comparisons,
      List<Advice> advice,
      Gate gate) {
    this(
        format, recipe, seed, seconds, data, stages, models, comparisons, advice, gate, null, null);
  }

  /** The only format there is. */
  public static final int FORMAT = 1;

  /**
   * The data of a run.
   *
   * @param train how many examples are for training
   * @param sha256 the digest of the whole content
   * @param task what is asked: {@code single-label}, {@code multi-label} or {@code regression};
   *     null if it was not noted
   * @param classes what the answers are called
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Data(
      String name,
      long train,
      long validation,
      long test,
      String sha256,
      String task,
      List<String> classes) {
    /** Takes a copy. */
    public Data {
      classes = copy(classes);
    }

    /** Data whose task was not noted. */
    public Data(String name, long train, long validation, long test, String sha256) {
      this(name, train, validation, test, sha256, null, List.of());
    }
  }

  /**
   * A step of the run that left a file.
   *
   * @param reused whether the artefact of an earlier run was taken
   * @param artefact its path from the run's folder
   * @param sha256 the artefact's digest
   * @param figures what was measured on the way, by name; absent if nothing was
   */
  public record Stage(
      String name,
      double seconds,
      boolean reused,
      String artefact,
      String sha256,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> figures) {
    /** Takes a copy. */
    public Stage {
      figures =
          figures == null
              ? Map.of()
              : Collections.unmodifiableMap(new LinkedHashMap<>(figures)); // an older file has none
    }

    /** A stage of which nothing was measured. */
    public Stage(String name, double seconds, boolean reused, String artefact, String sha256) {
      this(name, seconds, reused, artefact, sha256, Map.of());
    }
  }

  /**
   * A model of the run.
   *
   * @param file its path from the run's folder
   * @param parameters elements of trainable tensors, tied ones once; 0, and left out of the file,
   *     where its layers are not known
   * @param macs multiply-adds for one example; 0, and left out of the file, where its layers are
   *     not known
   * @param bytes all files needed to run it
   * @param latency null if it was not measured; with several seeds, of the first
   * @param seeds with several seeds the model of each, {@code metrics} being their mean; else null
   * @param parity whether a model of integers says the same wherever it runs; null for others
   * @param fault why it is no result at all: at chance, or with weights that no output can carry;
   *     null if nothing is wrong with it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Model(
      String name,
      String file,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long parameters,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long macs,
      long bytes,
      Metrics metrics,
      Latency latency,
      List<Seed> seeds,
      IntegerParity parity,
      String fault) {
    /** A model of one seed. */
    public Model(
        String name,
        String file,
        long parameters,
        long macs,
        long bytes,
        Metrics metrics,
        Latency latency) {
      this(name, file, parameters, macs, bytes, metrics, latency, null, null, null);
    }
  }

  /**
   * A model of one of several seeds.
   *
   * @param file its path from the run's folder
   * @param sha256 the file's digest
   */
  public record Seed(long seed, String file, String sha256, Metrics metrics) {}

  /** How long one call takes, in milliseconds. */
  public record Latency(
      int batch,
      int threads,
      @JsonProperty("p50_ms") double p50Ms,
      @JsonProperty("p95_ms") double p95Ms,
      @JsonProperty("p99_ms") double p99Ms) {
    /** The numbers of a measurement. */
    public static Latency of(org.distill4j.inference.Latency latency) {
      return new Latency(
          latency.batch(), latency.threads(), latency.p50Ms(), latency.p95Ms(), latency.p99Ms());
    }
  }

  /**
   * A candidate against a baseline on the same examples.
   *
   * @param delta the candidate's metric minus the baseline's
   * @param ci95 lower and upper end of the confidence interval of delta
   * @param mcnemarP the exact two-sided p-value, pooled over the seeds
   * @param seeds how many seeds are pooled; null if there is one. The interval then knows of the
   *     seeds' spread, see {@link PooledComparison}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Comparison(
      String candidate,
      String baseline,
      String metric,
      int n,
      double delta,
      List<Double> ci95,
      @JsonProperty("mcnemar_p") double mcnemarP,
      Integer seeds) {
    /** Of one seed. */
    public Comparison(
        String candidate,
        String baseline,
        String metric,
        int n,
        double delta,
        List<Double> ci95,
        double mcnemarP) {
      this(candidate, baseline, metric, n, delta, ci95, mcnemarP, null);
    }

    /** The numbers of a comparison of accuracy over seeds. */
    public static Comparison of(String candidate, String baseline, PooledComparison pooled) {
      return new Comparison(
          candidate,
          baseline,
          "accuracy",
          pooled.n(),
          pooled.delta(),
          List.of(pooled.low(), pooled.high()),
          pooled.p(),
          pooled.seeds().size() == 1 ? null : pooled.seeds().size());
    }

    /** Takes a copy. */
    public Comparison {
      ci95 = List.copyOf(ci95);
    }

    /** The numbers of a comparison of mean absolute errors; its p-value is the sign test's. */
    public static Comparison of(String candidate, String baseline, PairedErrors errors) {
      return new Comparison(
          candidate,
          baseline,
          Evaluation.MAE,
          errors.n(),
          errors.delta(),
          List.of(errors.low(), errors.high()),
          errors.p(),
          errors.seeds() == 1 ? null : errors.seeds());
    }

    /** The numbers of a comparison of accuracy. */
    public static Comparison of(
        String candidate, String baseline, org.distill4j.eval.Comparison comparison) {
      return new Comparison(
          candidate,
          baseline,
          "accuracy",
          comparison.n(),
          comparison.delta(),
          List.of(comparison.low(), comparison.high()),
          comparison.p());
    }

    /**
     * Whether chance alone would seldom bring such a difference: p below 0.05, and with several
     * seeds an interval without 0.
     */
    @JsonIgnore
    public boolean isCertain() {
      return mcnemarP < 0.05 && (seeds == null || ci95.get(0) > 0 || ci95.get(1) < 0);
    }

    /** The finding in one sentence. */
    public String says() {
      return ComparisonText.of(this);
    }
  }

  /**
   * A rule of thumb that the measurements speak to.
   *
   * @param id such as {@code temperature-at-edge}
   * @param value what was measured
   * @param rule the rule
   * @param says what follows
   * @param waived why the recipe does not mind; null if it does not say so
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Advice(String id, Object value, String rule, String says, String waived) {}

  /** Takes copies and checks the format. */
  public Results {
    if (format != FORMAT) {
      throw new IllegalArgumentException("format: " + format + " (expected: " + FORMAT + ")");
    }
    stages = copy(stages);
    models = copy(models);
    comparisons = copy(comparisons);
    advice = copy(advice);
    exports = exports == null ? null : List.copyOf(exports);
  }

  private static <T> List<T> copy(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /** The model of that name, if the run has it. */
  public Optional<Model> model(String name) {
    return models.stream().filter(m -> m.name().equals(name)).findFirst();
  }

  /** Whether no rule that the recipe demands was broken. */
  @JsonIgnore
  public boolean isPassed() {
    return gate == null || gate.passed();
  }

  /** Whether what ships, the last model, is a result at all; else the run has failed. */
  @JsonIgnore
  public boolean isSound() {
    return models.isEmpty() || models.get(models.size() - 1).fault() == null;
  }

  /** As JSON, indented. */
  public String json() {
    return ResultsJson.indented(this);
  }

  /**
   * Writes the file; its name holds the old content or the new, never a part.
   *
   * @throws org.distill4j.fault.RunFault if the disk refuses
   */
  public void write(Path file) {
    AtomicFile.write(file, "results", json());
  }

  /**
   * Reads a file.
   *
   * @throws InputFault if it is not there, not JSON, lacks a number, or has another format
   */
  public static Results read(Path file) {
    try {
      return ResultsJson.read(Files.readString(file), Results.class);
    } catch (NoSuchFileException e) {
      throw new InputFault(file + ": is not there (expected: a results.json of a run)", e);
    } catch (JsonProcessingException e) {
      throw new InputFault(file + ResultsJson.fault(e), e);
    } catch (IOException e) {
      throw new InputFault(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
