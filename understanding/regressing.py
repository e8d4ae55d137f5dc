"""The regression behind the weights: scikit-learn's, which the running bot does not import."""

from collections.abc import Mapping, Sequence

from domain.errors import ConfigError

STRENGTH = 1.0
"""scikit-learn's C: the smaller, the closer to zero the weights are held."""


def regress(table: Sequence[Mapping[str, float]], answers: Sequence[bool]) -> Mapping[str, float]:
    """A weight for each name. Raises ConfigError where scikit-learn is not installed."""
    try:
        from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415  an extra, and slow to import
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  same
    except ImportError as error:
        raise ConfigError("training needs scikit-learn: pip install 'louqun[train]'") from error
    vectors = DictVectorizer()
    model = LogisticRegression(C=STRENGTH, max_iter=2000, fit_intercept=False)
    model.fit(vectors.fit_transform(table), answers)
    return dict(zip(vectors.feature_names_, map(float, model.coef_[0]), strict=True))
