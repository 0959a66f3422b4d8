package org.distill4j.cli.options;

import java.util.Arrays;
import java.util.Locale;
import org.distill4j.format.Format;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The spelling of a {@link Format}. */
public final class FormatConverter implements ITypeConverter<Format> {
  @Override
  public Format convert(String text) {
    return Arrays.stream(Format.values())
        .filter(f -> f.spelled().equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    text
                        + " (expected: one of "
                        + Arrays.stream(Format.values()).map(Format::spelled).toList()
                        + ")"));
  }
}
