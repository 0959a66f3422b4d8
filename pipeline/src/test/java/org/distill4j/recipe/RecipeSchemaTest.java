package org.distill4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

class RecipeSchemaTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(RecipeSchema.json());

  private static Set<ValidationMessage> complaints(String yaml) throws IOException {
    LoadSettings core = LoadSettings.builder().setSchema(new CoreSchema()).build();
    Object document = new Load(core).loadFromString(yaml);
    return SCHEMA.validate(new ObjectMapper().writeValueAsString(document), InputFormat.JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"good.yaml", "file.yaml"})
  void json_goodRecipe_isValidAsWrittenAndAsResolved(String name) throws IOException {
    assertThat(complaints(Recipes.text(name))).isEmpty();
    assertThat(complaints(RecipeWriter.text(RecipeReader.read(Recipes.path(name))))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: scarce-labels | name: [scarce]",
        "name: scarce-labels | nam: scarce",
        "data: fashion-mini | data: [fashion-mini]",
        "data: fashion-mini | data: {name: fashion-mini, labelled: 1200}",
        "data: fashion-mini | data: {name: fashion-mini, validation: many}",
        "epochs: 3 | epochs: three",
        "epochs: 3 | epoch: 3",
        "epochs: 3 | epochs: 3000000000",
        "rate: 0.001 | rate: fast",
        "rate: 0.001 | rate: {cosine: {start: 1}}",
        "rate: 0.001 | rate: {constant: 1, cosine: {}}",
        "optimizer: adam-w | optimizer: adamw",
        "optimizer: adam-w | optimizer: {sgd: {nesterov: 1}}",
        "labelled: 1200 | labelled: 12.5",
        "labelled: 1200 | train: {}",
        "alpha: 0.1 | {alpha: 0.1}",
        "alpha: 0.1 | soft: '0.9'",
        "temperature: 2 | temperature: warm",
        "temperature: 2 | hard: 0.3",
        "temperature: 2 | labels: int8",
      })
  void json_wrongRecipe_isRefusedByTheBinderToo(String good, String wrong) throws IOException {
    String text = Recipes.text("good.yaml");
    assertThat(text).contains(good);
    String changed = text.replace(good, wrong);
    boolean refused;
    try {
      refused = !complaints(changed).isEmpty();
    } catch (org.snakeyaml.engine.v2.exceptions.YamlEngineException e) {
      refused = true;
    }
    assertThat(refused).as("refused by the schema").isTrue();
    assertThatThrownBy(() -> RecipeReader.parse(changed, "r.yaml", Path.of("/"), List.of()))
        .isInstanceOf(InputFault.class);
  }

  /**
   * Writes the file anew with {@code mvn -pl core,train -Dtest=RecipeSchemaTest -Dschema=write}.
   */
  @Test
  void json_committedFile_isTheGeneratedOne() throws IOException {
    Path file = Path.of("").toAbsolutePath();
    while (!Files.exists(file.resolve("bom/pom.xml"))) {
      file = file.getParent();
    }
    file = file.resolve("docs/recipe.schema.json");
    if ("write".equals(System.getProperty("schema"))) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, RecipeSchema.json());
    }
    assertThat(file)
        .as(
            "write it anew: mvn -pl core,train -Dtest=RecipeSchemaTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dschema=write test")
        .hasContent(RecipeSchema.json());
  }
}
