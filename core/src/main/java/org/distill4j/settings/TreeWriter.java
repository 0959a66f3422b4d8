package org.distill4j.settings;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ImplicitTuple;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;

/** Writes a record as YAML in longhand, every component that has a value with its key. */
final class TreeWriter {
  private static final ImplicitTuple NO_TAG = new ImplicitTuple(true, true);

  /** Text that every YAML reader takes as such without quotes. */
  private static final Pattern WORD = Pattern.compile("[\\w./]([\\w./ -]*[\\w./-])?");

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

  private final List<Event> events = new ArrayList<>();

  private TreeWriter() {}

  /**
   * The YAML text, which read again gives an equal record.
   *
   * @throws IllegalArgumentException if a number is not finite
   */
  static String write(RecordKind kind, Object built) {
    TreeWriter writer = new TreeWriter();
    writer.events.add(new StreamStartEvent());
    writer.events.add(new DocumentStartEvent(false, Optional.empty(), Map.of()));
    writer.fields(kind, built);
    writer.events.add(new DocumentEndEvent(false));
    writer.events.add(new StreamEndEvent());
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setSplitLines(false)
            .setWidth(Integer.MAX_VALUE)
            .setIndent(2)
            .setBestLineBreak("\n")
            .build();
    return new Present(settings).emitToString(writer.events.iterator());
  }

  private void value(Kind kind, Object value) {
    if (kind instanceof Kind.Many many) {
      boolean flow = many.element() instanceof Kind.One;
      events.add(
          new SequenceStartEvent(
              Optional.empty(), Optional.empty(), true, flow ? FlowStyle.FLOW : FlowStyle.BLOCK));
      ((List<?>) value).forEach(item -> value(many.element(), item));
      events.add(new SequenceEndEvent());
    } else if (kind instanceof Kind.Named named) {
      startMapping();
      ((Map<?, ?>) value)
          .forEach(
              (name, one) -> {
                word(Kind.Choice.name((Enum<?>) name));
                value(named.element(), one);
              });
      events.add(new MappingEndEvent());
    } else if (kind instanceof RecordKind fields) {
      fields(fields, value);
    } else if (kind instanceof Variants) {
      RecordKind member = RecordKind.of(value.getClass());
      Optional<Field> bare =
          member.shorthand().filter(f -> member.standsAlone() && member.all().size() == 1);
      if (bare.isPresent()) {
        value(bare.get().kind(), member.value(bare.get(), value));
        return;
      }
      startMapping();
      word(member.key());
      fields(member, value);
      events.add(new MappingEndEvent());
    } else if (kind instanceof Kind.Decimal) {
      word(decimal((Double) value));
    } else if (value instanceof Enum<?> constant) {
      word(Kind.Choice.name(constant));
    } else if (value instanceof String || value instanceof Path) {
      text(value.toString());
    } else {
      word(value.toString());
    }
  }

  private void fields(RecordKind kind, Object built) {
    startMapping();
    for (Field field : kind.all()) {
      Object value = kind.value(field, built);
      if (field.kind() instanceof Kind.Maybe maybe) {
        ((Optional<?>) value)
            .ifPresent(
                v -> {
                  word(field.key());
                  value(maybe.element(), v);
                });
      } else {
        word(field.key());
        value(field.kind(), value);
      }
    }
    events.add(new MappingEndEvent());
  }

  private void startMapping() {
    events.add(new MappingStartEvent(Optional.empty(), Optional.empty(), true, FlowStyle.BLOCK));
  }

  private void word(String word) {
    scalar(word, ScalarStyle.PLAIN);
  }

  private void text(String text) {
    Tree.Scalar plain = new Tree.Scalar(text, true, Place.file("", Path.of("")));
    boolean word = Literal.isText(plain) && WORD.matcher(text).matches();
    boolean number = NUMBER.matcher(text).matches();
    scalar(text, word || number ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
  }

  private void scalar(String text, ScalarStyle style) {
    events.add(new ScalarEvent(Optional.empty(), Optional.empty(), NO_TAG, text, style));
  }

  /** The shortest digits that read back as the same number. */
  private static String decimal(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(value + " (expected: a finite number)");
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    boolean readable = Math.abs(value) >= 1e-5 && Math.abs(value) < 1e9;
    return readable
        ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
        : Double.toString(value);
  }
}
