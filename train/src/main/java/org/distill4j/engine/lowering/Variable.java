package org.distill4j.engine.lowering;

import java.util.Optional;
import org.distill4j.graph.Parameter.Role;
import org.distill4j.lowered.VariableLayout;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * An initializer of a graph as a TensorFlow variable.
 *
 * @param name of the initializer
 * @param role what a trained one does; empty for a running statistic
 * @param layout how its elements are ordered; optimizer slots of its shape have the same order
 * @param ref the variable, a reference: to assign to and to differentiate by
 * @param value reads the variable
 */
public record Variable<T extends TFloating>(
    String name, Optional<Role> role, VariableLayout layout, Operand<T> ref, Operand<T> value) {
  /** Whether weight decay applies to it. */
  public boolean decays() {
    return role.map(Role::decays).orElse(false);
  }
}
