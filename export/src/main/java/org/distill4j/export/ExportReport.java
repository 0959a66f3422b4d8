package org.distill4j.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The report of an export: what was written and how it compares.
 *
 * @param model its name
 * @param forms in the order of {@link org.distill4j.format.Format}
 * @param notes what is other than one may expect, one line each
 */
public record ExportReport(String model, List<FormParity> forms, List<String> notes) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Takes copies. */
  public ExportReport {
    forms = List.copyOf(forms);
    notes = List.copyOf(notes);
  }

  /** As {@code export.json} holds it. */
  public String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("format", 1);
    all.put("model", model);
    all.put("forms", forms.stream().map(ExportReport::form).toList());
    all.put("notes", notes);
    try {
      return JSON.writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Object> form(FormParity p) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("form", p.format());
    form.put("runtime", p.runtime());
    form.put("n", p.parity().n());
    if (p.parity().n() > 0) {
      form.put("largest_difference", p.parity().distance());
      form.put("same_answer", p.parity().agreement());
      form.put("noise", p.noise());
    }
    form.put("bytes", p.bytes());
    form.put("files", p.files());
    return form;
  }

  /** For people: one line a form. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (FormParity p : forms) {
      if (p.parity().n() == 0) {
        text.append(
            String.format(
                Locale.ROOT, "%-12s %,12d bytes  %s%n", p.format(), p.bytes(), p.runtime()));
        continue;
      }
      text.append(
          String.format(
              Locale.ROOT,
              "%-12s %,12d bytes  differs by at most %.2g, same answer %d of %d  (%s)%n",
              p.format(),
              p.bytes(),
              p.parity().distance(),
              Math.round(p.parity().agreement() * p.parity().n()),
              p.parity().n(),
              p.runtime()));
    }
    notes.forEach(note -> text.append(note).append(System.lineSeparator()));
    return text.toString().stripTrailing();
  }
}
