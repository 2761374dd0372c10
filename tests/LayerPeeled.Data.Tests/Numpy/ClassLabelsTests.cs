using LayerPeeled.Data.Numpy;

namespace LayerPeeled.Data.Tests.Numpy;

public sealed class ClassLabelsTests
{
    private static ClassLabels Read(string file)
    {
        using var reader = new NpyReader(new MemoryStream(NpyReaderTests.Bytes(file)), file);
        return ClassLabels.Read(reader);
    }

    [Fact]
    public void Read_VectorOfIntegers_NeedsNoNote()
    {
        ClassLabels labels = Read("labels_i8.npy");
        Assert.Equal([-3L, -2, -1, 0, 1, 2, 3], labels.Ids);
        Assert.Empty(labels.Notes);
        Assert.Null(labels.Names);
        Assert.Null(labels.OneHotClasses);
    }

    [Fact]
    public void Read_Column_IsAVectorWithANote()
    {
        ClassLabels labels = Read("labels_column.npy");
        Assert.Equal([0L, 2, 1, 2, 0], labels.Ids);
        Assert.Equal(["the shape (5, 1) is read as (5,)"], labels.Notes);
    }

    [Theory]
    [InlineData("labels_one_hot.npy")]
    [InlineData("labels_one_hot_bool.npy")]
    public void Read_OneHotRows_AreClassIdsWithANote(string file)
    {
        ClassLabels labels = Read(file);
        Assert.Equal([0L, 2, 1, 2, 0], labels.Ids);
        Assert.Equal(4, labels.OneHotClasses);
        Assert.Equal(["one-hot rows (5, 4) are read as class ids 0 to 3"], labels.Notes);
    }

    [Theory]
    [InlineData("labels_text.npy")]
    [InlineData("labels_text_big.npy")]
    [InlineData("labels_bytes.npy")]
    public void Read_Names_AreClassesInAscendingOrder(string file)
    {
        ClassLabels labels = Read(file);
        Assert.Equal(["Zürich 🐦", "cat", "dog"], labels.Names);
        Assert.Equal([1L, 0, 2, 0, 1], labels.Ids);
        Assert.Equal("3 names are read as classes, in ascending order", labels.Notes[^1]);
    }

    [Fact]
    public void Read_NumbersAsText_AreNumbers()
    {
        // As names they would be in the order -1, 10, 9.
        ClassLabels labels = Read("labels_numbers_as_text.npy");
        Assert.Equal([10L, 9, -1], labels.Ids);
        Assert.Null(labels.Names);
        Assert.Contains("whole numbers in text", labels.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WholeFloats_AreClassIdsWithANote()
    {
        ClassLabels labels = Read("labels_f8.npy");
        Assert.Equal([-3L, -2, -1, 0, 1, 2, 3], labels.Ids);
        Assert.Contains("floating point", Assert.Single(labels.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("labels_logits.npy", "row 1 is not a single 1 among zeros")]
    [InlineData("labels_two_ones.npy", "row 1 is not a single 1 among zeros")]
    [InlineData("little_f8.npy", "labels of shape (4, 3) must be one-hot, and row 0")]
    [InlineData("cube.npy", "the shape is (2, 3, 4)")]
    [InlineData("labels_half.npy", "element 1 is no 64-bit integer")]
    public void Read_WhatIsNoLabels_IsRefused(string file, string expected) =>
        Assert.Contains(expected, Assert.Throws<NpyFormatException>(() => Read(file)).Message, StringComparison.Ordinal);
}
