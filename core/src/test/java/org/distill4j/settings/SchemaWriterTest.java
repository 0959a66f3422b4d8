package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

class SchemaWriterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Binding<Kitchen> BINDING = new Binding<>(Kitchen.class);
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(BINDING.schema("a kitchen"));

  /** Reads YAML by another reader's core schema and asks another maker's validator. */
  private static Set<ValidationMessage> complaints(String yaml) throws IOException {
    LoadSettings core = LoadSettings.builder().setSchema(new CoreSchema()).build();
    Object document = new Load(core).loadFromString(yaml);
    return SCHEMA.validate(JSON.writeValueAsString(document), InputFormat.JSON);
  }

  private static void bind(String yaml) {
    BINDING.parse(yaml, "k.yaml", Path.of("/"), List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{name: a, heat: 1}",
        "{name: a, heat: {steady: 1}}",
        "{name: a, heat: {steady: {degrees: 1, warmup: 2}}, seed: -5, seats: 3, open: false}",
        "{name: a, heat: {rising: {from: 1, to: 2.5}}, menu: m.txt, courses: [soup, dessert]}",
        "{name: 7, heat: 1, stove: knife, cooks: [3]}",
        "{name: a, heat: 1, stove: {knife: {}}}",
        "{name: a, heat: 1, stove: {wood-stove: {logs: [1, 2]}}}",
        "{name: a, heat: 1, cooks: [anna, {name: bert}], mix: {saltiness: 0.5, water: 2}}",
      })
  void schema_settingsThatTheBinderTakes_areValid(String yaml) throws IOException {
    bind(yaml);
    assertThat(complaints(yaml)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{heat: 1}",
        "{name: a}",
        "{name: [1], heat: 1}",
        "{name: a, heat: hot}",
        "{name: a, heat: steady}",
        "{name: a, heat: 1, sead: 1}",
        "{name: a, heat: 1, seed: 1.5}",
        "{name: a, heat: 1, seats: \"4\"}",
        "{name: a, heat: 1, seats: 2147483648}",
        "{name: a, heat: 1, open: 1}",
        "{name: a, heat: 1, menu: }",
        "{name: a, heat: 1, menu: \"\"}",
        "{name: a, heat: 1, stove: gas}",
        "{name: a, heat: 1, stove: wood-stove}",
        "{name: a, heat: 1, stove: {}}",
        "{name: a, heat: 1, stove: {knife: {}, gas-stove: {}}}",
        "{name: a, heat: 1, stove: {gas-stove: {flame: 1}}}",
        "{name: a, heat: 1, courses: soup}",
        "{name: a, heat: 1, courses: [desert]}",
        "{name: a, heat: 1, cooks: [{stars: 1}]}",
        "{name: a, heat: 1, mix: {saltiness: 0.5, salt: 1}}",
        "[a]",
        "a",
      })
  void schema_settingsThatItRefuses_theBinderRefusesToo(String yaml) throws IOException {
    assertThat(complaints(yaml)).isNotEmpty();
    assertThatThrownBy(() -> bind(yaml)).isInstanceOf(InputFault.class);
  }

  @Test
  void schema_describesDefaultsAndMeanings() throws IOException {
    JsonNode schema = JSON.readTree(BINDING.schema("a kitchen"));
    assertThat(schema.at("/title").asText()).isEqualTo("a kitchen");
    assertThat(schema.at("/properties/name/description").asText()).isEqualTo("what it is called");
    assertThat(schema.at("/properties/seats/default").asInt()).isEqualTo(4);
    assertThat(schema.at("/properties/courses/default").toString())
        .isEqualTo("[\"soup\",\"main-dish\"]");
    assertThat(schema.at("/required").toString()).isEqualTo("[\"name\",\"heat\"]");
    assertThat(schema.at("/$defs/kitchen.stove/oneOf/3/enum").toString())
        .isEqualTo("[\"knife\",\"gas-stove\"]");
  }

  @Test
  void schema_isItselfValid() throws IOException {
    JsonSchema meta =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(java.net.URI.create("https://json-schema.org/draft/2020-12/schema"));
    assertThat(meta.validate(BINDING.schema("a kitchen"), InputFormat.JSON)).isEmpty();
  }
}
