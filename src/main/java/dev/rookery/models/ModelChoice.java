package dev.rookery.models;

/**
 * A model at a provider. Two spellings that mean the same model give equal choices.
 *
 * @param model the provider's own name; for the scripted model the script's name, or empty
 */
public record ModelChoice(Provider provider, String model) {
  /** {@code provider/model}; {@link Models#choose} reads it back, so a run may store it. */
  public String spelling() {
    return model.isEmpty() ? provider.id() : provider.id() + "/" + model;
  }

  @Override
  public String toString() {
    return spelling();
  }
}
