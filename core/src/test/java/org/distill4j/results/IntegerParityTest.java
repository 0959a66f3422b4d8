package org.distill4j.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntegerParityTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As stage.json and results.json hold it, from the first release on. */
  private static final String SIMULATED =
      "{\"n\":512,\"exact_n\":64,\"distance\":0.5,\"exact_distance\":0.25,\"agreement\":0.998,"
          + "\"exact_agreement\":1.0,\"within_step\":0.9995,\"runtime_within_step\":0.998,"
          + "\"layers\":[{\"name\":\"conv1\",\"simulation\":0.9991,\"runtime\":0.99,\"steps\":3}],"
          + "\"compared\":[\"ONNX Runtime 9\",\"exact integers\"]}";

  private static final String EXACT_ALONE =
      "{\"n\":300,\"exact_n\":300,\"exact_distance\":0.25,\"exact_agreement\":1.0,"
          + "\"runtime_within_step\":1.0,\"layers\":[],\"compared\":[\"ONNX Runtime 9\"]}";

  @Test
  void json_ofFiles_isReadAndWrittenWordForWord() throws Exception {
    for (String json : List.of(SIMULATED, EXACT_ALONE)) {
      assertThat(JSON.writeValueAsString(JSON.readValue(json, IntegerParity.class)))
          .isEqualTo(json);
    }
  }

  @Test
  void json_ofAModelThatWasSimulated_holdsBothComparisons() throws Exception {
    IntegerParity parity = JSON.readValue(SIMULATED, IntegerParity.class);

    assertThat(parity.simulated()).isEqualTo(new Parity(512, .5, .998));
    assertThat(parity.exact()).isEqualTo(new Parity(64, .25, 1));
    assertThat(JSON.readValue(EXACT_ALONE, IntegerParity.class).isSimulated()).isFalse();
  }

  @Test
  void json_ofAnOlderFile_comparedNothing() throws Exception {
    String older = EXACT_ALONE.replace(",\"compared\":[\"ONNX Runtime 9\"]", "");

    assertThat(JSON.readValue(older, IntegerParity.class).compared()).isEmpty();
  }

  @Test
  void of_noExamples_agreesOnAll() {
    assertThat(Parity.of(0, 0, 0).agreement()).isEqualTo(1);
    assertThat(Parity.of(8, 6, 1).agreement()).isEqualTo(.75);
  }
}
