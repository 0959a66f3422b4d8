package org.distill4j.tensorflow;

import org.tensorflow.ConcreteFunction;
import org.tensorflow.DeviceSpec;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.op.Ops;
import org.tensorflow.op.Scope;

/**
 * A scope whose names do not depend on where the user lives: TensorFlow Java counts operations in
 * the digits of the default locale, {@code Const_١}, which TensorFlow then refuses.
 */
record NeutralScope(Scope scope) implements Scope {
  /** Operations of a graph whose names are the same everywhere. */
  static Ops ops(Graph graph) {
    return Ops.create(new Environment(graph, new NeutralScope(graph.baseScope())));
  }

  private static String plain(String name) {
    StringBuilder plain = new StringBuilder(name.length());
    name.codePoints()
        .forEach(
            c -> {
              if (c > 127 && Character.isDigit(c)) {
                plain.append(Character.digit(c, 10));
              } else {
                plain.appendCodePoint(c);
              }
            });
    return plain.toString();
  }

  @Override
  public String makeOpName(String name) {
    return plain(scope.makeOpName(name));
  }

  @Override
  public String makeUnique(String name) {
    return plain(scope.makeUnique(name));
  }

  @Override
  public ExecutionEnvironment env() {
    return scope.env();
  }

  @Override
  public Scope withSubScope(String name) {
    return new NeutralScope(scope.withSubScope(name));
  }

  @Override
  public Scope withName(String name) {
    return new NeutralScope(scope.withName(name));
  }

  @Override
  public Scope withNameAsSubScope(String name) {
    return new NeutralScope(scope.withNameAsSubScope(name));
  }

  @Override
  public Scope withDevice(DeviceSpec device) {
    return new NeutralScope(scope.withDevice(device));
  }

  @Override
  public Scope withInitScope() {
    return new NeutralScope(scope.withInitScope());
  }

  @Override
  public Scope withControlDependencyOps(Iterable<Operation> controls) {
    return new NeutralScope(scope.withControlDependencyOps(controls));
  }

  @Override
  public OperationBuilder apply(OperationBuilder builder) {
    return scope.apply(builder);
  }

  @Override
  public void refreshNames() {
    scope.refreshNames();
  }

  @Override
  public String getDeviceString() {
    return scope.getDeviceString();
  }

  @Override
  public boolean isInit() {
    return scope.isInit();
  }

  /** A graph that begins in another scope. */
  private record Environment(Graph graph, Scope baseScope) implements ExecutionEnvironment {
    @Override
    public OperationBuilder opBuilder(String type, String name, Scope scope) {
      return graph.opBuilder(type, name, scope);
    }

    @Override
    public void attachFunction(ConcreteFunction function) {
      graph.attachFunction(function);
    }

    @Override
    public void checkInput(Operation operation) {
      graph.checkInput(operation);
    }

    @Override
    public Types environmentType() {
      return graph.environmentType();
    }

    @Override
    public boolean isInitializer(Operation operation) {
      return graph.isInitializer(operation);
    }
  }
}
