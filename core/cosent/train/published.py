"""What the article measured: Su Jianlin, "CoSENT (3)", https://kexue.fm/archives/9341, in hundredths.

The feature models beside them: "CoSENT (1)", https://kexue.fm/archives/8847, Sentence-BERT and CoSENT, means of these sets.
"""

SETS = ("ATEC", "BQ", "LCQMC", "PAWSX", "mean")
NETWORKS, MEASURES = ("BERT", "RoBERTa"), ("spearman", "accuracy")

# By network and measure: cross-entropy, then CoSENT, one number a set.
TABLE = {
    "BERT": {
        "spearman": ((48.01, 71.96, 78.53, 68.59, 66.77), (48.09, 72.25, 78.70, 69.34, 67.10)),
        "accuracy": ((85.38, 83.57, 88.10, 81.45, 84.63), (85.55, 83.73, 87.92, 81.85, 84.76)),
    },
    "RoBERTa": {
        "spearman": ((49.70, 73.20, 79.13, 70.52, 68.14), (49.82, 73.09, 78.78, 70.54, 68.06)),
        "accuracy": ((85.97, 84.67, 88.14, 82.85, 85.41), (86.06, 84.23, 88.14, 83.03, 85.37)),
    },
}
FEATURE = (60.58, 65.20)  # Spearman: Sentence-BERT, CoSENT
