package org.distill4j.settings;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distill4j.storage.Sha256;

/**
 * What a step's artefact is made from, under whose digest it is kept: the canonical JSON of the
 * step's settings, the digests of its inputs, and its format number.
 *
 * <pre>{@code
 * {"format":2,"made-from":{"data":"1f0e..."},"settings":{"seed":1},"step":"teacher"}
 * }</pre>
 *
 * <p>Settings are spelled as in a YAML file. What is absent, an empty {@code Optional} or list, is
 * left out, so that a setting which is added later and is absent as a rule changes no key.
 */
public final class StepKey {
  private static final Pattern FORMAT = Pattern.compile("\\{\"format\":([0-9]{1,9}),");

  private final String step;
  private final int format;
  private final SortedMap<String, Object> settings;
  private final SortedMap<String, Object> inputs;

  private StepKey(
      String step,
      int format,
      SortedMap<String, Object> settings,
      SortedMap<String, Object> inputs) {
    this.step = step;
    this.format = format;
    this.settings = Collections.unmodifiableSortedMap(settings);
    this.inputs = Collections.unmodifiableSortedMap(inputs);
  }

  /**
   * The key of a step that depends on nothing yet.
   *
   * @param step its word
   * @param format the number of its present meaning: the same settings and inputs give another
   *     artefact under another one
   */
  public static StepKey of(String step, int format) {
    return new StepKey(step, format, new TreeMap<>(), new TreeMap<>());
  }

  /**
   * The same key with a setting more.
   *
   * @param value a number, boolean, text, enum, settings record, or a list, map or Optional of
   *     these
   * @throws IllegalArgumentException if the name has another value already
   */
  public StepKey with(String name, Object value) {
    return new StepKey(step, format, added(settings, name, value), inputs);
  }

  /**
   * The same key with an input more.
   *
   * @param digest 64 hex digits, the digest of a live teacher, or a list, map or Optional of such
   * @throws IllegalArgumentException if the name has another value already
   */
  public StepKey from(String name, Object digest) {
    return new StepKey(step, format, settings, added(inputs, name, digest));
  }

  private static SortedMap<String, Object> added(
      SortedMap<String, Object> map, String name, Object value) {
    Object given = value instanceof Optional<?> maybe ? maybe.orElse(null) : value;
    SortedMap<String, Object> more = new TreeMap<>(map);
    if (given == null || given.equals(List.of())) {
      return more;
    }
    Object before = more.put(name, given);
    if (before != null && !before.equals(given)) {
      throw new IllegalArgumentException(name + ": " + given + " (expected: once, " + before + ")");
    }
    return more;
  }

  /** The number of the step's meaning. */
  public int format() {
    return format;
  }

  /** The number of the meaning in a key's JSON; 0 in what is no such JSON, as older keys are. */
  public static int formatOf(String json) {
    Matcher format = FORMAT.matcher(json);
    return format.lookingAt() ? Integer.parseInt(format.group(1)) : 0;
  }

  /** The canonical JSON. */
  public String json() {
    return CanonicalJson.of(
        Map.of("step", step, "format", format, "settings", settings, "made-from", inputs));
  }

  /** The digest of the JSON's bytes, 64 hex digits. */
  public String sha256() {
    return Sha256.of(json().getBytes(StandardCharsets.UTF_8));
  }
}
