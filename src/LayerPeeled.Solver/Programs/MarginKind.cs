namespace LayerPeeled.Solver.Programs;

/// <summary>Where the temperatures δ of the classes stand in a margin: in z_y − z_c, y the label and c another class, they are all 1.</summary>
public enum MarginKind
{
    /// <summary>δ_y·(z_y − z_c): the limit of label-dependent temperatures (LDT).</summary>
    LabelTemperature,

    /// <summary>δ_y·z_y − δ_c·z_c: the limit of class-dependent temperatures (CDT).</summary>
    ClassTemperature,
}
